// `interface`: the ones that are made here, and those of other routers; and which Linux device stands behind a physical one.

import type { Configuration } from '../../vpdn/configuration.ts';
import { dropInertBlock, inertAt, keepInert } from '../../vpdn/configuration-inert.ts';
import { emptyInterface, type Interface, type InterfaceKind } from '../../vpdn/configuration-interface.ts';
import { isSubinterface, type NamedKind, parseInterfaceName } from '../../vpdn/interface-name.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { interfaceName, line, name, oneOf, optional, repeat, sequence, word, words } from '../syntax.ts';
import { definer, entered, type Mode, notSupported, type Outcome, type PrintScope, refused } from '../tree.ts';
import { INTERFACE_MODE, SUBINTERFACE_MODE } from './interface.ts';
import { NO_SUCH_INTERFACE, NULL_INTERFACE, UNMADE_MODE, UNMADE_SUBINTERFACE_MODE } from './interface-unmade.ts';
import { modeLines } from './mode-lines.ts';

const define = definer<Configuration>();

const ALL: readonly NamedKind[] = [
  'Loopback',
  'physical',
  'Virtual-Template',
  'Virtual-PPP',
  'Dialer',
  'Virtual-Access',
  'Null',
  'elsewhere',
];

const TEMPLATES_ARE_PPP = notSupported('templates are of type serial here: calls get PPP all the same');

// Naming an interface makes it. A Virtual-Access cannot be named: calls make and free it.
export const INTERFACE = define({
  path: [
    word('interface', 'Select an interface to configure'),
    interfaceName('key', ALL),
    optional(
      sequence(
        word('type', 'Type of a Virtual-Template'),
        oneOf('type', { ethernet: 'Ethernet', serial: 'Serial', tunnel: 'Tunnel' }),
      ),
    ),
    optional(
      oneOf('link', { multipoint: 'Treat as a multipoint link', 'point-to-point': 'Treat as a point-to-point link' }),
    ),
  ],
  keep: 2,
  set: ({ configuration }, { key, type, link }) => {
    const { kind } = parseInterfaceName(key)!;
    if (kind === 'Virtual-Access') return refused('% Virtual-Access interfaces are made by calls');
    if (kind === 'Null' || kind === 'elsewhere') return enterUnmade(configuration, key, link);
    if (type !== undefined && kind !== 'Virtual-Template') return refused('% Only a Virtual-Template has a type');
    const subject = configuration.interfaces.get(key) ?? emptyInterface(key, kind);
    if (type !== undefined) subject.templateType = type === 'serial' ? undefined : type;
    configuration.interfaces.set(key, subject);
    return entered(modeOf(key), key, `interface ${key}`);
  },
  unset: ({ configuration }, { key }): Outcome => {
    const { kind } = parseInterfaceName(key!)!;
    if (kind === 'Virtual-Access') return refused('% Removal of Virtual-Access interfaces is not permitted');
    if (kind === 'physical' && !isSubinterface(key!)) {
      return refused('% Removal of physical interfaces is not permitted');
    }
    remove(configuration, key!);
  },
  // What was said of it is taken back; a physical one that no device stands behind goes with it, since `no` never takes it.
  reset: ({ configuration }, { key }): Outcome => {
    const { kind } = parseInterfaceName(key!)!;
    if (kind === 'Virtual-Access') return refused('% Virtual-Access interfaces are made by calls');
    const made = kind !== 'physical' || isSubinterface(key!) || configuration.devices.has(key!);
    const stays = made && configuration.interfaces.has(key!);
    remove(configuration, key!);
    if (stays) configuration.interfaces.set(key!, emptyInterface(key!, kind as InterfaceKind));
  },
  lines: (scope) => {
    const real = [...scope.subject.interfaces.values()].map(
      ({ name: key }) => [key, () => blockOf(scope, key)] as const,
    );
    const unmade = unmadeHeads(scope.subject).map((head) => [keyOf(head), () => unmadeBlock(scope, head)] as const);
    return [...real, ...unmade].sort(([a], [b]) => compareInterfaces(a, b)).flatMap(([, block]) => [...block(), '!']);
  },
  standing: ({ key, type }) => {
    const kind = key === undefined ? undefined : parseInterfaceName(key)?.kind;
    if (kind === 'elsewhere') return NO_SUCH_INTERFACE;
    if (kind === 'Null') return NULL_INTERFACE;
    return type === undefined || type === 'serial' ? HONOURED : TEMPLATES_ARE_PPP;
  },
  entries: ['C020', 'C095', 'C096', 'C097', 'C098'],
  about:
    'Loopback, Virtual-Template, Virtual-PPP and Dialer are made by naming them; an Ethernet one or a part of it (`FastEthernet0/0.10`) needs a Linux device: `platform interfaces`. Others are kept, and none is made.',
});

// On a terminal the lines below would be said to several interfaces at once; in a file nobody writes it.
export const INTERFACE_RANGE = define({
  path: [words('interface range', 'Interface range command'), line('range', 'Interfaces')],
  set: () => refused('% Interface ranges are not supported: say `interface` for each'),
  entries: ['C020'],
  about: 'Refused: each interface is configured by itself.',
});

/** `show running-config interface`; undefined when nothing was said of it. */
export function interfaceBlock(scope: PrintScope<Configuration>, key: string): readonly string[] | undefined {
  if (scope.configuration.interfaces.has(key)) return blockOf(scope, key);
  const head = unmadeHeads(scope.configuration).find((each) => keyOf(each) === key);
  return head === undefined ? undefined : unmadeBlock(scope, head);
}

export const PLATFORM_INTERFACES = define({
  path: [
    words('platform interfaces', 'Linux devices behind physical interfaces (ext)'),
    repeat(sequence(interfaceName('names', ['physical']), name('devices', 'Linux device'))),
  ],
  set: ({ configuration: { devices } }, typed) => {
    const wanted = new Map(devices);
    for (const [index, key] of typed.names.entries()) {
      const device = typed.devices[index]!;
      // The kernel's own rule for device names: IFNAMSIZ, no slash, no blank, not a directory.
      if (!/^[^/\s:]{1,15}$/.test(device) || device === '.' || device === '..') {
        return refused(`% ${device} cannot be the name of a Linux device`);
      }
      for (const [other, taken] of wanted) {
        if (taken === device && other !== key) return refused(`% ${device} already stands behind ${other}`);
      }
      wanted.set(key, device);
    }
    for (const [key, device] of wanted) devices.set(key, device);
  },
  unset: ({ configuration: { devices } }, { names }) => {
    if (names === undefined) devices.clear();
    for (const key of names ?? []) devices.delete(key);
  },
  lines: ({ subject }) => [...subject.devices].map(([key, device]) => `platform interfaces ${key} ${device}`),
  entries: ['C020'],
  about:
    'An extension, and the one line a pasted configuration needs: `platform interfaces Ethernet0/0 eth0`. Lines add up.',
});

function modeOf(key: string): Mode<Interface> {
  return isSubinterface(key) ? SUBINTERFACE_MODE : INTERFACE_MODE;
}

function blockOf(scope: PrintScope<Configuration>, key: string): string[] {
  const subject = scope.configuration.interfaces.get(key)!;
  const head = `interface ${key}`;
  const typed = subject.templateType === undefined ? head : `${head} type ${subject.templateType}`;
  return [typed, ...modeLines(modeOf(key), subject, scope, head)];
}

/** The line that opened it is how it is known, with how it links if that was said. */
function enterUnmade(configuration: Configuration, key: string, link: string | undefined): Outcome {
  const known = unmadeHeads(configuration).find((head) => keyOf(head) === key);
  const head = known ?? (link === undefined ? `interface ${key}` : `interface ${key} ${link}`);
  const standing = parseInterfaceName(key)!.kind === 'Null' ? NULL_INTERFACE : NO_SUCH_INTERFACE;
  keepInert(configuration.inert, UNMADE, { under: [], text: head, standing });
  return entered(isSubinterface(key) ? UNMADE_SUBINTERFACE_MODE : UNMADE_MODE, key, head);
}

function unmadeHeads({ inert }: Configuration): string[] {
  return [...(inert.rows.get(UNMADE)?.keys() ?? [])];
}

function unmadeBlock(scope: PrintScope<Configuration>, head: string): string[] {
  return [head, ...modeLines(UNMADE_MODE, scope.configuration, scope, head)];
}

const keyOf = (head: string) => head.split(' ')[1]!;

function remove(configuration: Configuration, key: string): void {
  const { inert, interfaces } = configuration;
  interfaces.delete(key);
  const heads = unmadeHeads(configuration).filter((head) => keyOf(head) === key);
  for (const head of [`interface ${key}`, ...heads]) {
    inertAt(inert, [])?.rows.get(UNMADE)?.delete(head);
    dropInertBlock(inert, [], head);
  }
}

/** The list of inert lines that open such a block. */
const UNMADE = 'interface';

/** Loopbacks, tunnels and their like, physical ones by slot, lines, templates, pseudowires: the order of running-config. */
const TYPE_ORDER = [
  'Loopback',
  'Tunnel',
  'Port-channel',
  'Multilink',
  'Null',
  'Ethernet',
  'FastEthernet',
  'GigabitEthernet',
  'TenGigabitEthernet',
  'ATM',
  'BRI',
  'Serial',
  'Dot11Radio',
  'Cellular',
  'Async',
  'Virtual-Template',
  'Virtual-PPP',
  'Group-Async',
  'Vlan',
  'Dialer',
  'BVI',
];

function compareInterfaces(a: string, b: string): number {
  const [first, second] = [parseInterfaceName(a)!, parseInterfaceName(b)!];
  const byType = TYPE_ORDER.indexOf(first.type) - TYPE_ORDER.indexOf(second.type);
  if (byType !== 0) return byType;
  const [left, right] = [first.number.split(/[/.:]/).map(Number), second.number.split(/[/.:]/).map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
