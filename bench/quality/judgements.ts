import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../../cli/command-line.ts';

const numbers = z.array(z.int().nonnegative());

/** A paper whose abstract was read: which of its sentences, by number, make a good or weak lead. Others are bad. */
const judgedLeadSchema = z.object({
  id: z.string(),
  title: z.string(),
  abstract: z.string(),
  sentences: z.array(z.string()).min(1),
  good: numbers,
  weak: numbers,
});

const judgedPaperSchema = z.object({
  id: z.string(),
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()),
  upvotes: z.int().nonnegative(),
});

/**
 * Readers, and days whose papers were graded for each of them: 3 exactly theirs, 2 glad of it, 1 loosely related; `muted`
 * papers are of the kind that the reader does not want.
 */
const selectionsSchema = z.object({
  readers: z.array(z.object({ name: z.string(), topics: z.array(z.string()), muted: z.array(z.string()) })),
  days: z.array(
    z.object({
      date: z.string(),
      papers: z.array(judgedPaperSchema).min(1),
      judgements: z.record(
        z.string(),
        z.object({ grades: z.record(z.string(), z.int().min(0).max(3)), muted: z.array(z.string()) }),
      ),
    }),
  ),
});

export type JudgedLead = z.infer<typeof judgedLeadSchema>;
export type JudgedPaper = z.infer<typeof judgedPaperSchema>;
export type Selections = z.infer<typeof selectionsSchema>;

/**
 * Reads all `leads*.json` and the `selections.json` of a folder; either may be missing.
 * @throws CommandError when there is nothing, or a file has another form
 */
export function readJudgements(folder: string): { leads: JudgedLead[]; selections: Selections } {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    throw new CommandError(`There is no folder ${folder}. Name the one with the judgements: --judgements FOLDER`);
  }
  const leadFiles = names.filter(name => /^leads.*\.json$/.test(name));
  const hasSelections = names.includes('selections.json');
  if (leadFiles.length === 0 && !hasSelections) {
    throw new CommandError(`${folder} has neither leads*.json nor selections.json.`);
  }
  return {
    leads: leadFiles.flatMap(name => readFile(folder, name, z.array(judgedLeadSchema))),
    selections: hasSelections ? readFile(folder, 'selections.json', selectionsSchema) : { readers: [], days: [] },
  };
}

function readFile<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const path = join(folder, name);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandError(`${path} can't be read as JSON: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CommandError(`${path} has another form than expected:\n${z.prettifyError(parsed.error)}`);
}
