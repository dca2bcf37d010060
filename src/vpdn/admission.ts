// Who may call in by a vpdn-group, and what the call is made from: the limits of the router, of the group and of all groups of its
// vpdn-template together, then the virtual template (C057, C066, C073, C078).

import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import type { VpdnGroup } from './configuration-vpdn.ts';
import type { FailureCause } from './failure.ts';
import { groupInForce, templateOf } from './vpdn-template.ts';

export type Admission =
  | { readonly admitted: true; readonly group: VpdnGroup; readonly subject: Interface }
  | { readonly admitted: false; readonly cause: FailureCause; readonly reason: string };

export class Admissions {
  /** Calls of each vpdn-group. */
  readonly #accepted = new Map<string, number>();

  /** `name`: the group of the caller's tunnel; `calls`: all that there are on this router. */
  judge(configuration: Configuration, name: string | undefined, calls: number): Admission {
    const group = configuration.vpdnGroups.get(name ?? '');
    if (group === undefined) return refused('no-group', 'the vpdn-group is gone');
    const full = this.#overLimit(configuration, group, calls);
    if (full !== undefined) return refused(full, `vpdn-group ${group.name}`);
    const number = group.acceptDialin?.virtualTemplate;
    const subject = number === undefined ? undefined : configuration.interfaces.get(`Virtual-Template${number}`);
    if (subject === undefined) {
      const which = number === undefined ? 'none is named' : `interface Virtual-Template${number} is not configured`;
      return refused('no-template', `vpdn-group ${group.name}: ${which}`);
    }
    return { admitted: true, group, subject };
  }

  add(group: VpdnGroup): void {
    this.#accepted.set(group.name, (this.#accepted.get(group.name) ?? 0) + 1);
  }

  remove(name: string | undefined): void {
    this.#accepted.set(name ?? '', (this.#accepted.get(name ?? '') ?? 1) - 1);
  }

  #overLimit(configuration: Configuration, group: VpdnGroup, calls: number): FailureCause | undefined {
    const { vpdn, vpdnGroups } = configuration;
    if (vpdn.softshut) return 'softshut';
    if (calls >= (vpdn.sessionLimit ?? Number.POSITIVE_INFINITY)) return 'session-limit';
    const inGroup = this.#accepted.get(group.name) ?? 0;
    const limit = groupInForce(configuration, group).sessionLimit ?? Number.POSITIVE_INFINITY;
    if (inGroup >= limit) return 'session-limit';
    const template = templateOf(configuration, group);
    if (template?.groupSessionLimit === undefined) return undefined;
    let together = 0;
    for (const each of vpdnGroups.values()) {
      if (templateOf(configuration, each) === template) together += this.#accepted.get(each.name) ?? 0;
    }
    return together >= template.groupSessionLimit ? 'session-limit' : undefined;
  }
}

function refused(cause: FailureCause, reason: string): Admission {
  return { admitted: false, cause, reason };
}
