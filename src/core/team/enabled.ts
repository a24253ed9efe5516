/** Which tools the settings of a run let its agents have at all. Pure. */
import type { RunSettings } from '../../protocol/settings.ts';
import { TOOLS } from '../tools/catalogue.ts';
import type { Ability } from '../tools/contract.ts';

/** Whether a run of these settings offers that tool. */
export function isEnabled(name: string, settings: RunSettings): boolean {
  const tool = TOOLS.get(name);
  return tool !== undefined && hasAbility(settings, tool.needs);
}

export function hasAbility({ web, languages, browse }: RunSettings, needs: Ability | undefined): boolean {
  switch (needs) {
    case 'web':
      return (web?.domains.length ?? 0) > 0;
    case 'search':
      return web?.search !== undefined;
    case 'languages':
      return languages === true;
    case 'browse':
      return browse !== undefined;
    default:
      return true;
  }
}
