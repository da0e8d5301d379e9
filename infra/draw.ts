import { readFileSync, writeFileSync } from 'node:fs';
import { withDrawing } from './drawing.ts';

/* `npm run draw`: draws the picture of docs/architecture.md anew. */

const path = new URL('../docs/architecture.md', import.meta.url);
writeFileSync(path, withDrawing(readFileSync(path, 'utf8')));
