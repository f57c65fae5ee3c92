/** Where a box keeps the cells that were installed on it, below its data folder. */
import { join } from 'node:path';

export const installedCells = (dataDirectory: string): string => join(dataDirectory, 'cells');
