// The address an interface answers to: its own, or the one it borrows (`ip unnumbered`).

import type { InterfaceView, RouterView } from '../../vpdn/view.ts';

/** Lenders are indexed once: there may be as many borrowers as sessions. */
export function addressFinder(view: RouterView): (subject: InterfaceView) => string | undefined {
  const own = new Map(view.interfaces.map(({ name, address }) => [name, address]));
  return ({ address, unnumberedFrom }) =>
    address ?? (unnumberedFrom === undefined ? undefined : own.get(unnumberedFrom));
}
