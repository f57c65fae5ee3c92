/** The part of the bikram-sambat package that we use; it carries no types of its own. */
declare module 'bikram-sambat' {
  const bikramSambat: {
    /** The Bikram Sambat date of an ISO calendar date; throws outside 1970-2090 BS. */
    toBik(isoDate: string): { year: number; month: number; day: number };
  };
  export default bikramSambat;
}
