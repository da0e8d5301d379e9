import { stemOf } from '../search/words.ts';

/*
 * Compounds in which a word has lost its own meaning: a scaling law is no law, and the history of a conversation no
 * history. There the word counts only as a part of a longer phrase.
 */
const compounds = `
state of the art, scaling law, power law, law of large number, trade off, trading off
student model, student policy, student network, teacher student, student teacher, student distribution, teacher model
on policy, off policy, policy gradient, policy optimization, policy model, policy learning, policy network, policy update
update history, interaction history, conversation history, dialogue history, action history, observation history, search history
chat history, history aware, history frame, history length, execution history, trajectory history, context history, history token
historical frame, historical context, historical information, historical observation, historical interaction, historical trajectory
historical feature, historical token, historical action, historical state, historical data, historical latent, historical memory
memory bank, word bank, data bank, filter bank, gpu memory, memory footprint, memory usage, memory cost, memory overhead
memory efficient, memory efficiency, peak memory, memory bandwidth, memory consumption, memory bound, memory requirement
memory constraint, memory access, memory hierarchy, memory budget, device memory, memory saving, memory reduction, memory wall
state space, action space, latent space, search space, feature space, embedding space, parameter space, design space, space time
color space, weight space, activation space, output space, input space, representation space, pixel space, solution space
ground truth, in the wild, black box, cold start, closed form, open form, free form, short form, long form
attention head, prediction head, light head, edge case, cutting edge, leading edge, edge detection
tree search, beam search, grid search, architecture search, random search, local search, search algorithm, monte carlo tree search
policy search, hyperparameter search, line search, evolutionary search, search budget
image translation, image to image translation, unpaired translation, rotation and translation, translation equivariance
temporal alignment, spatial alignment, cross modal alignment, language alignment, representation alignment, feature alignment
semantic alignment, geometric alignment, text image alignment, image alignment, text alignment, sequence alignment
prompt alignment, modality alignment, latent alignment, distribution alignment, time alignment, video alignment, visual alignment
diffusion alignment, audio alignment, embedding alignment, misaligned with, align with, aligned with, align to, aligned to
position embedding, positional embedding, token embedding, embedding layer, embedding dimension, input embedding, word embedding layer
rotary embedding, time embedding, rotary position embedding, patch embedding
mobile manipulation, mobile manipulator, mobile robot, mobile base, mobile network
powerful tool, useful tool, practical tool, valuable tool, effective tool, diagnostic tool, analysis tool, analytical tool
code is available, our code, code and data, code and model, code and dataset, source code is, code available, code release
release code, release our code, release the code, code at, code will, dataset and code, model and code, data and code, the code
code is released, code is publicly, code are available, code is open, code weight, checkpoint and code, project code
drive down, driving force, data driven
neural network, deep network, convolutional network, network architecture
play a role, role playing game, big picture, in this paper, on paper, this work, future work, prior work, previous work, recent work
in the context, in the light of, light on, in terms of, in contrast to, in practice
bridge the gap, bridge this gap, game changing, rule of thumb, building block, building on, building upon
long form video, video form, plug and play, first class, world class, world knowledge, real world, open world
we design, is designed, carefully designed, designed to, design choice, we edit, well designed, by design, design principle
medical grade, root cause, physical world, food for thought
expert trajectory, domain expert, human expert, computing budget, compute budget, cost benefit, economic cost, cost economic
energy based, energy function, energy distance, heat map, attention map, feature map, depth map, activation map
vision language, language vision, computer vision and, model training, training free
music to, sound theory, sound and complete, theoretically sound, sound reasoning
data efficiency, gene pool, cell type model, grid cell, table lookup, on the table, look up table, tabular result
language model, language modeling, language modelling
natural language, language instruction, language description, language prompt, language guided, language conditioned
chain of command, weather conditions, adverse weather
case law, phase transition, health check, in house, white box, red flag
video memory, shared memory, memory module
`;

const byFirst = new Map<string, string[][]>();
for (const compound of compounds.split(/[,\n]/)) {
  const stems = compound.trim().split(' ').map(stemOf);
  const [first = ''] = stems;
  byFirst.set(first, [...(byFirst.get(first) ?? []), stems]);
}

/** The places of the words (stems) that are parts of such compounds. */
export function boundPlaces(stems: readonly string[]): Set<number> {
  const places = new Set<number>();
  for (const [place, stem] of stems.entries()) {
    for (const compound of byFirst.get(stem) ?? []) {
      if (compound.every((part, at) => stems[place + at] === part)) {
        for (const at of compound.keys()) places.add(place + at);
      }
    }
  }
  return places;
}
