/** One row of the bench: a value beside its floor or rival from the same run. */
export type Figure = {
  /** Stable: `payment.cycle`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, in words. */
  readonly rival: string;
  readonly rivalValue?: number;
  /** value / rivalValue, in the direction that `hold` is stated in. */
  readonly ratio?: number;
  /** The figure to hold, in words: `<= 6.5`. */
  readonly hold: string;
  /** Undefined where it is printed only. */
  readonly holds?: boolean;
  readonly note?: string;
};
