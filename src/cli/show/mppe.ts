// `show ppp mppe` (C149): the encryption of one link, as the guide prints it.

import type { RouterView } from '../../vpdn/view.ts';
import type { MppeView } from '../../vpdn/view-pptp.ts';
import { printable } from '../../wire/values.ts';
import { mppeOf } from './rows.ts';

export function* showPppMppe(view: RouterView, interfaceName: string): Generator<string> {
  const mppe = mppeOf(view, interfaceName);
  if (mppe === undefined) return yield `% MPPE not enabled on ${interfaceName}`;
  yield `Interface ${interfaceName} (current connection)`;
  yield `  ${placeWords(mppe)} encryption, ${mppe.bits} bit encryption, ${mppe.stateful ? 'Stateful' : 'Stateless'} mode`;
  if (mppe.fellBack === true) yield '  stateless for the rest of the call: the flow-control alarm has gone off';
  yield pair('packets encrypted', mppe.packetsEncrypted, 'packets decrypted', mppe.packetsDecrypted);
  yield pair('sent CCP resets', mppe.resetsSent, 'receive CCP resets', mppe.resetsReceived);
  yield pair('next tx coherency', mppe.nextSentCoherency, 'next rx coherency', mppe.nextReceivedCoherency);
  yield pair('tx key changes', mppe.sentKeyChanges, 'rx key changes', mppe.receivedKeyChanges);
  yield pair('rx pkt dropped', mppe.receivedDropped, 'rx out of order pkt', mppe.receivedOutOfOrder);
  yield `  ${'rx missed packets'.padEnd(17)} = ${mppe.receivedMissed}`;
}

function placeWords({ hardware }: MppeView): string {
  return hardware === undefined ? 'Software' : `Hardware (${printable(hardware.card)}, flow_id=${hardware.flowId})`;
}

/** A number of more than eight digits pushes its neighbour; the longest name of the guide touches its `=`. */
function pair(left: string, a: number, right: string, b: number): string {
  return `  ${left.padEnd(17)} = ${String(a).padEnd(8)} ${right.padEnd(18)}${right.length < 19 ? ' ' : ''}= ${b}`;
}
