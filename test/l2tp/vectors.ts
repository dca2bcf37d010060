// The fixture `vectors.json`, by id.

import fixture from './vectors.json' with { type: 'json' };

type Fields = Readonly<Record<string, string>>;

const VECTORS = new Map(
  fixture.vectors.map(({ id, inputs, expected }) => [id, { inputs: inputs as Fields, expected: expected as Fields }]),
);

export function vector(id: string, field: string): Uint8Array {
  const { inputs, expected } = VECTORS.get(id)!;
  return fromHex((expected[field] ?? inputs[field])!);
}

export function vectorIds(prefix: string): string[] {
  return [...VECTORS.keys()].filter((id) => id.startsWith(prefix));
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}
