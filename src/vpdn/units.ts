// Units by name.

export type Octets = number;
export type Seconds = number;
