import { App } from 'aws-cdk-lib';
import { createStacks } from './stacks.ts';
import { readStage } from './stages.ts';

const app = new App();
try {
  createStacks(
    app,
    // The CDK's command line sets the region that it deploys to.
    readStage(name => app.node.tryGetContext(name), process.env.CDK_DEFAULT_REGION),
  );
} catch (error) {
  // The operator has to mend a missing setting: the sentence helps, a stack trace does not.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
