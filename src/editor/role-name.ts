/** What people call a role, in the language of the editor. */
import { roleNameIn } from '../protocol/role-names.ts';
import { t } from './told.ts';

export const roleName = (role: string): string => roleNameIn(t, role);
