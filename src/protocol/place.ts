/** Where in a topic a client is: all up to this version of that epoch it has. */
export interface Place {
  readonly epoch: string;
  readonly version: number;
}
