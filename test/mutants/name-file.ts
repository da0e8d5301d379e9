/* Names the file of tests to the processes that it starts, for `recorder.mjs`. */

const { filepath } = (globalThis as { __vitest_worker__?: { filepath?: string } }).__vitest_worker__ ?? {};
if (filepath) process.env.TEST_FILE = filepath;
