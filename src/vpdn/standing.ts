// The class of a line of configuration: honoured, without effect here, or not supported.

/** What a line comes to here. Nothing is taken without one of these. */
export type Standing =
  | { readonly class: 'honoured' }
  /** It means nothing on Linux, or is always so here: nobody misses anything. */
  | { readonly class: 'without-effect'; readonly why: string }
  /** It would change what the router does, and does not: `why` says what. */
  | { readonly class: 'not-supported'; readonly why: string };

export const HONOURED: Standing = { class: 'honoured' };
