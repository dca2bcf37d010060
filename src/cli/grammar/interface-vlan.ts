// `encapsulation dot1Q`: which frames of a port are a subinterface's (IEEE 802.1Q). An `xconnect` on it tags and untags them itself
// (RFC 4719); else the Linux device behind it does.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { missingVlan } from '../../vpdn/cross-connects.ts';
import { portOf } from '../../vpdn/interface-name.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { line, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { definer, notSupported, refused } from '../tree.ts';
import { NOT_TAGGED } from './elsewhere/reasons.ts';
import { onSubinterface } from './interface-kind.ts';

export const VLAN_ENCAPSULATION = definer<Interface>()({
  path: [
    words('encapsulation dot1Q', 'IEEE 802.1Q Virtual LAN'),
    number('vlan', 1, 4094, 'IEEE 802.1Q VLAN ID'),
    optional(oneOf('native', { native: 'Make this as native vlan' })),
    optional(
      sequence(
        word('second-dot1q', 'Configure this subinterface as a 1Q-in-1Q subinterface'),
        line('inner', 'Inner VLAN ID'),
      ),
    ),
  ],
  keep: 1,
  set: ({ configuration: { interfaces }, subject }, { vlan, native, inner }) => {
    for (const { name, dot1q } of interfaces.values()) {
      const isOther = name !== subject.name && portOf(name) === portOf(subject.name);
      if (!isOther || dot1q?.vlan !== vlan || inner !== dot1q.inner) continue;
      return refused(
        `% Configuration of multiple subinterfaces of the same main interface with the same VID (${vlan}) is not permitted\n` +
          `This VID is already configured on ${name}`,
      );
    }
    subject.dot1q = { vlan, native: native !== undefined, ...(inner !== undefined && { inner }) };
    return undefined;
  },
  unset: ({ subject }) => {
    subject.dot1q = undefined;
  },
  lines: ({ subject: { dot1q } }) => {
    if (dot1q === undefined) return undefined;
    const { vlan, native, inner } = dot1q;
    return `encapsulation dot1Q ${vlan}${native ? ' native' : ''}${inner === undefined ? '' : ` second-dot1q ${inner}`}`;
  },
  when: onSubinterface,
  standing: (_, subject) => {
    if (subject.xconnect === undefined) return NOT_TAGGED;
    const missing = missingVlan(subject);
    return missing === undefined ? HONOURED : notSupported(missing);
  },
  entries: ['C051'],
  about:
    'No default. With an `xconnect`: the frames of this VLAN, of the device behind the port or, untagged, of one of its own; the ' +
    'other end may have another number. Without one it does nothing: the Linux device behind the subinterface tags.',
});
