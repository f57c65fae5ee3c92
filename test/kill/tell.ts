/** A line on stdout by a write that does not wait. A pipe that is full says so; the parent is only slow, and what was told must reach it. */
import { writeSync } from 'node:fs';

export function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
