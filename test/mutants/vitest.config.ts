import { defineConfig, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import project from '../../vitest.config.ts';

/** The files of tests in the order in which they are to run: the likeliest to notice a fault first. */
const order = (process.env.TEST_ORDER ?? '').split('\n');

class GivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(order.map((file, place) => [file, place]));
    return [...files].sort((a, b) => (places.get(a.moduleId) ?? 0) - (places.get(b.moduleId) ?? 0));
  }
}

export default mergeConfig(
  project,
  defineConfig({
    root: `${import.meta.dirname}/../..`,
    test: { setupFiles: ['test/mutants/name-file.ts'], sequence: { sequencer: GivenOrder } },
  }),
);
