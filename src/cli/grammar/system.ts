// The name of the router (C006), and the domain it says it is in.

import type { Configuration } from '../../vpdn/configuration.ts';
import { emptyConfiguration } from '../../vpdn/configuration.ts';
import { name, word, words } from '../syntax.ts';
import { type Command, definer, refused, warned, withoutEffect } from '../tree.ts';

const define = definer<Configuration>();

// IOS takes a name that is no host name (RFC 1123 §2.1) and only complains: tunnels compare it letter for letter.
export const HOSTNAME = define({
  path: [word('hostname', "Set system's network name"), name('host', "This system's network name")],
  keep: 1,
  set: ({ subject }, { host }) => {
    if (host.length > 63) return refused('% Hostname is longer than 63 characters');
    subject.hostname = host;
    if (/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(host)) return;
    return warned('% Hostname contains one or more illegal characters.');
  },
  unset: ({ subject }) => {
    subject.hostname = emptyConfiguration().hostname;
  },
  lines: ({ subject }) => [`hostname ${subject.hostname}`, '!'],
  entries: ['C006'],
  about: 'Default `Router`. Also the L2TP Host Name, and the name in CHAP.',
});

/** Both spellings; running-config has the newer one. */
export const DOMAIN_NAME: Command<Configuration>[] = (['ip domain name', 'ip domain-name'] as const).map(
  (text, index) => {
    return define({
      path: [words(text, 'Define the default domain name'), name('domain', 'Default domain name')],
      set: ({ subject }, { domain }) => {
        subject.domainName = domain;
      },
      unset: ({ subject }) => {
        subject.domainName = undefined;
      },
      lines: ({ subject: { domainName } }) => {
        return index === 0 && domainName !== undefined ? `${text} ${domainName}` : undefined;
      },
      standing: withoutEffect('it is shown in banners as $(domain); names are resolved as Linux is set up to'),
      entries: ['C016'],
    });
  },
);
