// How two configurations differ, line by line and block by block: `show archive config differences`, `configure replace … list`.
// Lines of one block are compared as a set, since their order says nothing; a block keeps its head for context.

/** `+` is only in `after`, `-` only in `before`; a head without a sign is in both. Empty where nothing differs. */
export function configurationDifference(before: readonly string[], after: readonly string[]): string[] {
  return difference(blocksOf(before), blocksOf(after), '');
}

interface Block {
  readonly head: string;
  readonly body: Block[];
}

/** By indentation; the lines between blocks are none. */
function blocksOf(lines: readonly string[]): Block[] {
  const root: Block[] = [];
  const open: { readonly depth: number; readonly body: Block[] }[] = [{ depth: -1, body: root }];
  for (const line of lines) {
    if (line.startsWith('!') || line === '' || line === 'end') continue;
    const depth = line.search(/[^ ]|$/);
    while (open.length > 1 && open.at(-1)!.depth >= depth) open.pop();
    const block: Block = { head: line.slice(depth), body: [] };
    open.at(-1)!.body.push(block);
    open.push({ depth, body: block.body });
  }
  return root;
}

function difference(before: readonly Block[], after: readonly Block[], indent: string): string[] {
  const known = new Map(before.map((block) => [block.head, block]));
  const wanted = new Map(after.map((block) => [block.head, block]));
  const removed = before.filter(({ head }) => !wanted.has(head)).flatMap((block) => signed('-', block, indent));
  const added = after.flatMap((block) => {
    const old = known.get(block.head);
    if (old === undefined) return signed('+', block, indent);
    const inside = difference(old.body, block.body, `${indent} `);
    return inside.length === 0 ? [] : [`${indent}${block.head}`, ...inside];
  });
  return [...removed, ...added];
}

function signed(sign: '+' | '-', { head, body }: Block, indent: string): string[] {
  return [`${indent}${sign}${head}`, ...body.flatMap((block) => signed(sign, block, `${indent} `))];
}
