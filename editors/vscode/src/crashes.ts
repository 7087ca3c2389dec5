// A server that dies is started again, but not for ever. Nothing here knows the editor, so that tests can run it.

/** So often a server is started again within `WITHIN`. */
export const MOST = 4;
/** In milliseconds. */
export const WITHIN = 3 * 60 * 1000;

/** Counts deaths: those long ago do not matter. */
export class Crashes {
  private at: number[] = [];

  /** Notes a death; true where the server is to be started once more. */
  again(now: number): boolean {
    this.at = this.at.filter((earlier) => now - earlier < WITHIN);
    this.at.push(now);
    return this.at.length <= MOST;
  }

  /** How many there were of late. */
  get count(): number {
    return this.at.length;
  }

  /** A person took it in hand: counting begins anew. */
  forget(): void {
    this.at = [];
  }
}
