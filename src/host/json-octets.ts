// JSON that also holds octets and maps, for recordings and traces: `{"$octets":"c802"}`, `{"$map":[[key,value]]}`.

import { formatHex } from '../wire/values.ts';

export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (item instanceof Uint8Array) return { $octets: formatHex(item) };
    if (item instanceof Map) return { $map: [...item] };
    // JSON has no word for "never".
    if (item === Number.POSITIVE_INFINITY) return { $number: 'Infinity' };
    return item;
  });
}

export function parse(text: string): unknown {
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if ('$octets' in item && typeof item.$octets === 'string') return octetsOf(item.$octets);
    if ('$map' in item && Array.isArray(item.$map)) return new Map(item.$map as [unknown, unknown][]);
    if ('$number' in item) return Number(item.$number);
    return item;
  });
}

function octetsOf(hex: string): Uint8Array {
  const octets = new Uint8Array(hex.length / 2);
  for (let index = 0; index < octets.length; index++)
    octets[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  return octets;
}
