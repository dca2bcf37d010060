// The address an interface answers to: its own, or the one it borrows (`ip unnumbered`).

import type { InterfaceView, RouterView } from '../../vpdn/view.ts';
import { interfaceRow } from './rows.ts';

/** Each lender is looked up once: there may be as many borrowers as sessions. */
export function addressFinder(view: RouterView): (subject: InterfaceView) => string | undefined {
  const known = new Map<string, string | undefined>();
  return ({ address, unnumberedFrom }) => {
    if (address !== undefined || unnumberedFrom === undefined) return address;
    if (!known.has(unnumberedFrom)) known.set(unnumberedFrom, interfaceRow(view, unnumberedFrom)?.address);
    return known.get(unnumberedFrom);
  };
}
