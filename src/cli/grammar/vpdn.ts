// The blocks of VPDN in global configuration mode: groups, templates and classes, behind the `vpdn …` lines.

import type { Configuration } from '../../vpdn/configuration.ts';
import { dropInertBlock } from '../../vpdn/configuration-inert.ts';
import {
  emptyL2tpClass,
  emptyPseudowireClass,
  emptyVpdnGroup,
  emptyVpdnTemplate,
} from '../../vpdn/configuration-vpdn.ts';
import { DEFAULT_L2TP_CLASS } from '../../vpdn/defaults.ts';
import { UNNAMED_TEMPLATE } from '../../vpdn/vpdn-template.ts';
import { name, optional, word } from '../syntax.ts';
import { type Command, definer, entered, refused } from '../tree.ts';
import { L2TP_CLASS_MODE } from './l2tp-class.ts';
import { modeLines } from './mode-lines.ts';
import { interfaceUsing, PSEUDOWIRE_CLASS_MODE } from './pseudowire-class.ts';
import { VPDN_GLOBALS } from './vpdn-global.ts';
import { groupLines, VPDN_GROUP_MODE } from './vpdn-group.ts';
import { VPDN_TEMPLATE_MODE } from './vpdn-template.ts';

const define = definer<Configuration>();

/** Edited by a bare `pseudowire-class`. */
const DEFAULT_PSEUDOWIRE_CLASS = 'pw_default_class';

// The globals come before the groups, as running-config has them. A group's own limit and address win over the global ones.
export const VPDN: Command<Configuration>[] = [
  ...VPDN_GLOBALS,
  define({
    path: [word('vpdn-template', 'VPDN template configuration'), optional(name('template', 'VPDN template name'))],
    keep: 2,
    set: ({ configuration }, { template = UNNAMED_TEMPLATE }) => {
      const { vpdnTemplates } = configuration;
      if (!vpdnTemplates.has(template)) vpdnTemplates.set(template, emptyVpdnTemplate(template));
      return entered(VPDN_TEMPLATE_MODE, template, templateHead(template));
    },
    unset: ({ configuration }, { template = UNNAMED_TEMPLATE }) => {
      configuration.vpdnTemplates.delete(template);
      dropInert(configuration, templateHead(template));
    },
    lines: (scope) => {
      return [...scope.subject.vpdnTemplates.values()].flatMap((each) => {
        const head = templateHead(each.name);
        return [head, ...modeLines(VPDN_TEMPLATE_MODE, each, scope, head), '!'];
      });
    },
    entries: ['C066'],
    about: 'Without a name: for every group that does not name another and does not say `no source vpdn-template`.',
  }),
  define({
    path: [word('vpdn-group', 'VPDN group configuration'), name('group', 'VPDN group name')],
    keep: 2,
    set: ({ configuration }, { group }) => {
      if (!configuration.vpdnGroups.has(group)) configuration.vpdnGroups.set(group, emptyVpdnGroup(group));
      return entered(VPDN_GROUP_MODE, group, `vpdn-group ${group}`);
    },
    unset: ({ configuration }, { group }) => {
      configuration.vpdnGroups.delete(group!);
      dropInert(configuration, `vpdn-group ${group}`);
    },
    lines: (scope) => [...scope.subject.vpdnGroups.values()].flatMap((group) => groupLines(scope, group)),
    entries: ['C068'],
    about: 'A policy for the peers that call; removing it closes its tunnels.',
  }),
];

// A class in use may go: pseudowires that name it then run with the defaults.
export const L2TP_CLASS = define({
  path: [word('l2tp-class', 'l2tp-class configuration'), optional(name('key', 'l2tp-class name'))],
  set: ({ configuration }, { key = DEFAULT_L2TP_CLASS }) => {
    if (!configuration.l2tpClasses.has(key)) configuration.l2tpClasses.set(key, emptyL2tpClass(key));
    return entered(L2TP_CLASS_MODE, key, `l2tp-class ${key}`);
  },
  unset: ({ configuration }, { key = DEFAULT_L2TP_CLASS }) => {
    configuration.l2tpClasses.delete(key);
    dropInert(configuration, `l2tp-class ${key}`);
  },
  lines: (scope) => {
    return [...scope.subject.l2tpClasses.values()].flatMap((each) => {
      const head = `l2tp-class ${each.name}`;
      return [head, ...modeLines(L2TP_CLASS_MODE, each, scope, head), '!'];
    });
  },
  entries: ['C029'],
  about: 'Without a name: the class of pseudowires that name none, `l2tp_default_class`.',
});

// A pseudowire class in use may not go: without its encapsulation the pseudowire means nothing.
export const PSEUDOWIRE_CLASS = define({
  path: [word('pseudowire-class', 'Pseudowire-class configuration'), optional(name('key', 'Pseudowire-class name'))],
  set: ({ configuration }, { key = DEFAULT_PSEUDOWIRE_CLASS }) => {
    if (!configuration.pseudowireClasses.has(key)) configuration.pseudowireClasses.set(key, emptyPseudowireClass(key));
    return entered(PSEUDOWIRE_CLASS_MODE, key, `pseudowire-class ${key}`);
  },
  unset: ({ configuration }, { key = DEFAULT_PSEUDOWIRE_CLASS }) => {
    if (interfaceUsing(configuration, key) !== undefined) return refused(`% Pseudowire class ${key} is in use`);
    configuration.pseudowireClasses.delete(key);
    dropInert(configuration, `pseudowire-class ${key}`);
  },
  lines: (scope) => {
    return [...scope.subject.pseudowireClasses.values()].flatMap((each) => {
      const head = `pseudowire-class ${each.name}`;
      return [head, ...modeLines(PSEUDOWIRE_CLASS_MODE, each, scope, head), '!'];
    });
  },
  entries: ['C040'],
  about: 'A class in use cannot be removed. Without a name: `pw_default_class`.',
});

function templateHead(template: string): string {
  return template === UNNAMED_TEMPLATE ? 'vpdn-template' : `vpdn-template ${template}`;
}

/** The inert lines of a block go with the block. */
export function dropInert(configuration: Configuration, opened: string): void {
  dropInertBlock(configuration.inert, [], opened);
}
