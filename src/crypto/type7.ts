// Type 7, the reversible form in which IOS shows secrets: an XOR with a published table. It hides a secret from a glance
// over the shoulder and from nothing else.

const KEY = 'dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87';
/** IOS picks a seed of 0 to 15 and reads any up to the end of its table. */
export const LARGEST_WRITTEN_SEED = 15;

/** `seed` is where in the table to begin, 0 to 15. */
export function encodeType7(secret: string, seed: number): string {
  let text = String(seed).padStart(2, '0');
  new TextEncoder().encode(secret).forEach((octet, index) => {
    text += (octet ^ keyOctet(seed + index)).toString(16).toUpperCase().padStart(2, '0');
  });
  return text;
}

/** The clear text, or undefined if `text` is no type 7 string. */
export function decodeType7(text: string): string | undefined {
  if (!/^\d\d(?:[0-9a-f]{2})*$/i.test(text)) return undefined;
  const seed = Number(text.slice(0, 2));
  if (seed >= KEY.length) return undefined;
  const octets = new Uint8Array((text.length - 2) / 2);
  for (let index = 0; index < octets.length; index++) {
    octets[index] = Number.parseInt(text.slice(2 + 2 * index, 4 + 2 * index), 16) ^ keyOctet(seed + index);
  }
  return new TextDecoder().decode(octets);
}

function keyOctet(at: number): number {
  return KEY.charCodeAt(at % KEY.length);
}
