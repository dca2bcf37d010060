// Banners as they are shown, their tokens filled in (C011).

import type { Configuration } from '../vpdn/configuration.ts';
import type { BannerKind } from '../vpdn/configuration-system.ts';

/** The lines to be printed; none without such a banner. `line` is the number of the terminal line. */
export function bannerLines(configuration: Configuration, kind: BannerKind, line = 0): string[] {
  const text = configuration.banners.get(kind);
  if (text === undefined) return [];
  const tokens: Readonly<Record<string, string>> = {
    hostname: configuration.hostname,
    domain: configuration.domainName ?? '',
    line: String(line),
  };
  const filled = text.replaceAll(/\$\((hostname|domain|line)\)/g, (_, token: string) => tokens[token]!);
  return filled.replace(/^\n/, '').replace(/\n$/, '').split('\n');
}
