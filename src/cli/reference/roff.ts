// Manual pages: the few macros of man(7) that ours need, and vpdn-config(5), made from the same definitions as the parser.

import type { Document } from './markdown.ts';
import type { ReferencePage } from './model.ts';

/** `NAME(SECTION)`, without a date: a page must not change when nothing of it does. */
export function manual(name: string, section: number, purpose: string, body: readonly string[]): Document {
  const head = [
    `.TH ${name.toUpperCase()} ${section} "" vpdn "vpdn manual"`,
    '.SH NAME',
    `${name} \\- ${roff(purpose)}`,
  ];
  return { name: `${name}.${section}`, text: `${[...head, ...body].join('\n')}\n` };
}

/** A text as roff takes it: no escape, no line that begins as a request does. */
export function roff(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('`', '\\(aq').replaceAll('…', '...');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

export function configManual(pages: readonly ReferencePage[]): Document {
  const modes = pages.filter(({ name }) => name !== 'exec');
  return manual('vpdn-config', 5, 'configuration of a VPDN router in the IOS language', [
    '.SH DESCRIPTION',
    ...paragraphs(DESCRIPTION),
    ...modes.flatMap(({ title, prompt, commands }) => [
      `.SH "${roff(title).toUpperCase()}"`,
      `Prompt \\fB${roff(prompt)}\\fR.`,
      ...commands.flatMap(({ forms, about }) => [
        ...forms.flatMap((form, index) => [index === 0 ? '.TP' : '.TQ', `\\fB${roff(form)}\\fR`]),
        roff(about === '' ? 'As in IOS.' : about),
      ]),
    ]),
    '.SH SEE ALSO',
    '.BR vpdn (8)',
  ]);
}

export function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => ['.PP', roff(text)]);
}

const DESCRIPTION = [
  'A configuration is what a Cisco router prints for `show running-config`: one command a line, sub-commands below the line that ' +
    'opens their mode. Indentation is cosmetic, a line whose first character is an exclamation mark is a comment, keywords may be cut to ' +
    'any prefix that is unique, and a line that the current mode does not know is tried in the modes around it.',
  'Every line of a router of metal is taken. Some mean nothing on Linux, some are not supported: `vpdn check` says of each which it ' +
    'is, and why. A line that nobody knows is an error, and a file with an error is not used at all.',
  'The least a tunnel server needs: `vpdn enable`, a `vpdn-group` with `accept-dialin`, `protocol` and `virtual-template`, an ' +
    '`interface Virtual-Template` with an address of its own or a borrowed one, and `username` lines. The least a client needs: a ' +
    '`pseudowire-class`, and an `interface Virtual-PPP` with a `pseudowire`. `platform interfaces` names the Linux device behind a ' +
    'physical interface; where a device has the address of the interface already, not even that.',
];
