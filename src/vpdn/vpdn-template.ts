// What a vpdn-group comes to with its vpdn-template: its own value, else that of the template, else the built-in one (C066).

import type { Configuration } from './configuration.ts';
import type { VpdnGroup, VpdnTemplate } from './configuration-vpdn.ts';

/** The values that are still absent afterwards are the built-in ones of `defaults.ts`. */
export function groupInForce(configuration: Configuration, group: VpdnGroup): VpdnGroup {
  const template = templateOf(configuration, group);
  if (template === undefined) return group;
  return {
    ...group,
    localName: group.localName ?? template.localName,
    sourceAddress: group.sourceAddress ?? template.sourceAddress,
    sessionLimit: group.sessionLimit ?? template.sessionLimit,
    l2tp: { ...over(template.l2tp, group.l2tp), retransmit: over(template.l2tp.retransmit, group.l2tp.retransmit) },
    pptp: over(template.pptp, group.pptp),
    outer: over(template.outer, group.outer),
  };
}

/** The named one, else the unnamed one; a name that is not configured is none. */
export function templateOf({ vpdnTemplates }: Configuration, { template }: VpdnGroup): VpdnTemplate | undefined {
  if (template?.kind === 'none') return undefined;
  return vpdnTemplates.get(template?.name ?? UNNAMED_TEMPLATE);
}

function over<T extends object>(below: T, above: T): T {
  const said = Object.entries(above).filter(([, value]) => value !== undefined);
  return { ...below, ...Object.fromEntries(said) };
}

export const UNNAMED_TEMPLATE = '';
