/** The messages between parent and workers over IPC. */

/** A message of a queue, as an event source mapping hands it to a function. */
export interface QueueMessage {
  id: string;
  body: string;
}

/** One invocation of a function. */
export type Task =
  /** The hourly run, or the operator's "send now". */
  | { type: 'plan'; digestId: string; everybody: boolean }
  /** Follows a resume: every open batch that no worker has is queued at once. */
  | { type: 'requeue'; digestId: string }
  /** Follows a request to try failed deliveries again. */
  | { type: 'retry'; digestId: string }
  /** A newcomer presses the button of their confirmation mail. */
  | { type: 'confirm'; messages: QueueMessage[] }
  /** The bus says that a newcomer has confirmed. */
  | { type: 'welcome'; messages: QueueMessage[] }
  | { type: 'send'; messages: QueueMessage[] }
  | { type: 'feedback'; messages: QueueMessage[] };

/** A worker kills itself at a call boundary: at the nth call of a kind since its invocation began. */
export interface KillPlan {
  /** As in `dynamodb UpdateItem`. */
  call: string;
  /** From 1. */
  nth: number;
  /** Right before the request is sent, some time after that, or right after its answer came. */
  phase: 'before' | 'during' | 'after';
  /** For `during`: milliseconds after the request was handed to the network. */
  delay: number;
}

export interface Order {
  task: Task;
  /** Added to the machine's time, milliseconds. */
  offset: number;
  /** When the function is stopped, by the machine's own time, epoch ms. */
  deadline: number;
  kill?: KillPlan | undefined;
  /** Probability (0 to 1) that an answer of DynamoDB or SQS is lost, and the seed of which. */
  lostAnswers: number;
  seed: number;
}

export type Answer =
  /** `failed` are the ids of the messages that come again. */
  { ok: true; failed: string[] } | { ok: false; error: string };

/** Which safeguard a worker is without, to see that the checks notice. */
export const sabotages = ['lease', 'intent', 'tags', 'status', 'once', 'newcomers', 'missed'] as const;
export type Sabotage = (typeof sabotages)[number];
