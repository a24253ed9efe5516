import type { VNode } from 'preact';
import type { NewRoleSpec } from '../../../src/protocol/plan.ts';
import { roleName } from '../state/names.ts';
import { t } from '../texts.ts';

/** Roles that the planner would have made for this plan. The person sees the whole file of each before it is used. */
export function NewRoles({ roles }: { roles: readonly NewRoleSpec[] }): VNode | null {
  if (roles.length === 0) return null;
  return (
    <div class="new-roles" data-testid="new-roles">
      <h4 class="label">{t('Roles that the plan asks for')}</h4>
      <ul class="plain-list">
        {roles.map(({ name, description, tools }) => (
          <li key={name}>
            <strong>{roleName(name)}</strong>: {description}{' '}
            <span class="dim">{t('May use: {0}', tools.join(', '))}</span>
          </li>
        ))}
      </ul>
      <p class="dim">
        {t('Once the plan is approved, you are shown the file of each and asked whether it may be used.')}
      </p>
    </div>
  );
}
