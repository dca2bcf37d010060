// Lists of methods, in the lines of AAA that say who is asked (C127-C129).

import { choice, name, nameAfterWords, oneOf, repeat, sequence } from '../../syntax.ts';

/** What is asked, one after another. */
export const METHODS = repeat(
  choice(
    sequence(oneOf('said', { group: 'Use Server-group' }), nameAfterWords('said', 'Server-group name')),
    sequence(oneOf('said', { cache: 'Use Cached-group' }), name('said', 'Server-group name')),
    oneOf('said', {
      enable: 'Use enable password for authentication.',
      'if-authenticated': 'Succeed if user has authenticated.',
      'if-needed': 'Authenticate only if needed',
      krb5: 'Use Kerberos 5 authentication.',
      line: 'Use line password for authentication.',
      local: 'Use local username authentication.',
      'local-case': 'Use case-sensitive local username authentication.',
      none: 'NO authentication.',
      radius: 'Use list of all Radius hosts.',
      'tacacs+': 'Use list of all Tacacs+ hosts.',
    }),
  ),
);

/** `default` or a name: what the lines of a PPP interface or a terminal line refer to. */
export const LIST = choice(oneOf('said', { default: 'The default list.' }), name('said', 'Named list.'));
