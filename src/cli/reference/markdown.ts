// The pages of `docs/commands/`.

import { CATALOGUE, type FormStanding, tryForms } from '../catalogue/catalogue.ts';
import { FINDINGS, type FindingSeverity } from '../lint/finding.ts';
import type { ReferenceCommand, ReferencePage } from './model.ts';

export interface Document {
  /** Of the file, with its ending. */
  readonly name: string;
  readonly text: string;
}

export function markdownPages(pages: readonly ReferencePage[]): Document[] {
  return [
    ...pages.map((page) => ({ name: `${page.name}.md`, text: markdownPage(page) })),
    cataloguePage(),
    findingsPage(),
  ];
}

function markdownPage({ title, prompt, commands }: ReferencePage): string {
  return [`# ${title}`, '', `Prompt \`${prompt}\`.`, '', ...commands.map(markdownCommand)].join('\n');
}

function markdownCommand({ head, forms, about, words, entries }: ReferenceCommand): string {
  const rows = words.map(([token, help]) => `| \`${token}\` | ${cell(help)} |`);
  const table = rows.length === 0 ? [] : ['', '| word | meaning |', '| --- | --- |', ...rows];
  const said = about === '' ? [] : ['', about];
  const belongs = entries.length === 0 ? [] : ['', `Catalogue: ${entries.join(', ')}.`];
  return [`## ${head}`, '', '```', ...forms, '```', ...said, ...belongs, ...table, ''].join('\n');
}

/** Every entry of the catalogue with what becomes of each of its forms, found out by typing them. */
function cataloguePage(): Document {
  const rows = CATALOGUE.flatMap((entry) => {
    const tried = tryForms(entry).map(({ mode, form, standing }) => [mode, `\`${cell(form)}\``, classOf(standing)]);
    const refused = (entry.refused ?? []).map((form) => [entry.mode, `\`${cell(form)}\``, 'refused, as it should be']);
    const noted = entry.note === undefined ? [] : [['', '', entry.note]];
    return [...tried, ...refused, ...noted].map((cells, index) => {
      const head = index === 0 ? [entry.entry, entry.title] : ['', ''];
      return `| ${[...head, ...cells].join(' | ')} |`;
    });
  });
  const text = [
    '# Catalogue of commands',
    '',
    'Every command of the IOS language that concerns what this router does. The last column was found by parsing the form:',
    '*honoured* it does what IOS does; *no effect here* it means nothing on Linux, or is always so; *not supported* it would',
    'change what the router does, and does not.',
    '',
    '| entry | command | mode | form | here |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  return { name: 'catalogue.md', text };
}

/** What `vpdn check` finds, and the log says at start. */
function findingsPage(): Document {
  const rows = Object.entries(FINDINGS).map(
    ([code, { severity, about }]) => `| ${code} | ${severity} | ${cell(about)} |`,
  );
  const severities = Object.entries(SEVERITIES).map(([severity, meaning]) => `*${severity}* ${meaning}`);
  const text = [
    '# Findings',
    '',
    'What a configuration will not do, or protects badly, although each of its lines is right. `vpdn check FILE` prints them with',
    'the lines they are about and what to do; `vpdn run` logs all but the notes. A code never changes its meaning.',
    '',
    `${severities.join('; ')}.`,
    '',
    '| code | severity | what is found |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  return { name: 'findings.md', text };
}

const SEVERITIES: Readonly<Record<FindingSeverity, string>> = {
  error: 'calls will fail',
  warning: 'it works, but hardly as meant',
  weak: 'it works, and protects little',
  note: 'nothing is wrong, and something is left over',
};

function classOf(standing: FormStanding): string {
  switch (standing.class) {
    case 'honoured':
      return 'honoured';
    case 'without-effect':
      return `no effect here: ${cell(standing.why)}`;
    case 'not-supported':
      return `not supported: ${cell(standing.why)}`;
    case 'error':
      return `error: ${cell(standing.message)}`;
  }
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
