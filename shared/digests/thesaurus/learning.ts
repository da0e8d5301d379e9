/** How machines learn, and the theory of it. The form is that of `thesaurus.ts`. */
export const learning = `
machine learning, ML > supervised learning, representation learning, learning theory, kernel method, decision tree, neural network ~ training, statistics, generalization, ensemble
deep learning, neural network, deep neural network > neural architecture, backpropagation, convolutional network, training dynamics ~ machine learning, transformer, optimizer
reinforcement learning, RL, deep reinforcement learning, deep RL > policy optimization, policy gradient, GRPO, PPO, RLVR, reward, offline RL, actor-critic, Q-learning, RLHF, multi-agent reinforcement learning, agentic RL, value function, credit assignment, reward model, advantage estimation ~ policy?, rollout, environment?, agent, exploration?
reinforcement learning with verifiable rewards, RLVR, GRPO, group relative policy optimization, reasoning RL > verifiable reward, policy optimization, rollout, entropy collapse, LLM reinforcement learning, importance sampling, on-policy ~ reasoning, post-training, advantage
reinforcement learning from human feedback, RLHF, preference optimization, preference learning, DPO, human preference > direct preference optimization, reward model, preference data, preference alignment, reward hacking, AI feedback ~ alignment?, post-training, human feedback
reward model, reward modeling, process reward model, PRM > generative reward model, reward hacking, LLM-as-a-judge, reward function ~ RLHF, preference, verifier, rubric
reward hacking, specification gaming, reward over-optimization ~ reward model, alignment?, safety
offline reinforcement learning, offline RL > batch RL, off-policy, conservative Q ~ reinforcement learning
multi-agent reinforcement learning, MARL > cooperative game, self-play ~ multi-agent, game theory
bandit, bandits, online learning > regret, contextual bandit, Thompson sampling ~ decision making, exploration?
exploration?, curiosity, open-ended learning > intrinsic motivation, open-endedness ~ reinforcement learning, curriculum
curriculum learning, self-improvement, self-evolving, self-play > self-training, self-evolution, self-improving, co-evolution, automatic curriculum ~ agent, reinforcement learning
continual learning, lifelong learning, catastrophic forgetting > incremental learning, forgetting?, model editing, knowledge editing, plasticity ~ memory?, adaptation
knowledge editing, model editing > unlearning, knowledge update ~ continual learning
machine unlearning, unlearning > forgetting?, data removal, concept erasure ~ privacy, safety
meta-learning, learning to learn > few-shot adaptation, hypernetwork ~ transfer learning
transfer learning, domain adaptation, domain generalization, distribution shift, out-of-distribution, OOD > covariate shift, test-time adaptation, OOD detection, robust generalization ~ generalization, robustness
test-time training, test-time adaptation, TTT ~ adaptation, distribution shift
active learning, data-efficient learning, sample efficiency, semi-supervised > data selection, label-efficient, pseudo-label ~ annotation
knowledge distillation, distillation, model distillation > student model, on-policy distillation, self-distillation, step distillation, dataset distillation, teacher-student ~ compression, small language model, teacher
model merging, weight averaging, model soup > task arithmetic, task vector ~ ensemble, fine-tuning
mixture of experts, MoE, mixture-of-experts > expert routing, sparse expert, expert parallel ~ sparse, scaling, language model, router
transformer, attention?, attention mechanism, transformer architecture, model architecture > sparse attention, linear attention, state space model, position encoding, efficient attention, hybrid attention, residual connection, looped transformer, attention sink ~ long context, KV cache, architecture?
state space model, SSM, Mamba, linear attention, recurrent model > recurrent neural network, gated delta, hybrid architecture, linear RNN ~ transformer, long context
sparse attention, efficient attention > linear attention, attention sparsity, flash attention, block sparse ~ long context, KV cache
neural architecture search, NAS, AutoML, hyperparameter optimization > architecture search, Bayesian optimization ~ optimization, hyperparameter
scaling law, scaling laws, neural scaling > compute-optimal, model size, power law ~ pre-training, emergent, scaling, scale
optimization, optimizer, stochastic gradient descent, SGD > Adam, Muon, learning rate, convex optimization, gradient descent, second-order, convergence, preconditioner, non-convex, combinatorial optimization ~ training dynamics, loss landscape
training dynamics, loss landscape, training stability > grokking, loss spike, edge of stability ~ optimizer, theory?, initialization, normalization
combinatorial optimization, operations research > routing problem, integer programming, traveling salesman, SAT, mixed-integer ~ optimization, algorithm, scheduling, heuristic, solver
evolutionary algorithm, genetic algorithm, evolution?, evolutionary computation > evolutionary search, genetic programming, AlphaEvolve, neuroevolution, evolution strategies ~ optimization, search?
Bayesian, Bayesian inference, probabilistic model, uncertainty, uncertainty quantification > Gaussian process, variational inference, calibration, conformal prediction, posterior, confidence estimation, MCMC ~ probability, statistics
calibration, confidence?, conformal prediction > confidence estimation, overconfidence, abstention ~ uncertainty, reliability?
causal inference, causality?, causal? > causal discovery, treatment effect, causal reasoning ~ statistics, counterfactual, intervention, confounding
statistics, statistical inference > hypothesis testing, confidence interval, asymptotic ~ probability, estimator, regression, sampling
learning theory, theory?, generalization theory, theoretical machine learning > generalization bound, sample complexity, PAC, expressivity, infinite-width, identifiability, VC dimension ~ proof, bound, convergence, approximation, kernel?, provable
information theory, entropy, mutual information > channel capacity, coding theory, compression theory, rate-distortion ~ entropy, theory?
graph neural network, GNN, graph learning, graph?, network science > graph transformer, node classification, link prediction, message passing, knowledge graph, hypergraph, community detection, graph foundation model ~ graph?, molecule
time series, time-series forecasting, forecasting > temporal forecasting, anomaly detection, time series foundation model, spatio-temporal, demand forecasting, weather forecasting ~ temporal, prediction
anomaly detection, outlier detection > defect detection, fraud detection, fault detection, out-of-distribution detection ~ time series, industrial
clustering, unsupervised learning, topic modeling > topic model, dimensionality reduction ~ embedding?, cluster
dimensionality reduction, manifold learning > PCA, t-SNE, UMAP, low-dimensional ~ geometry
geometric deep learning, equivariance, symmetry? > equivariant, Lie group, invariance ~ geometry, physics, manifold
recommendation, recommender system, recommender, recommendation system > generative recommendation, sequential recommendation, collaborative filtering, click-through rate, CTR, user interest, item ranking, advertising, e-commerce, conversational recommendation ~ user behavior, ranking?, personalization
advertising, ads, marketing, e-commerce > click-through rate, CTR, bidding, product search, shopping ~ recommendation, auction?, customer
federated learning, distributed learning, decentralized learning > federated, client, decentralized training ~ privacy, communication
privacy, differential privacy, data privacy, PII > membership inference, anonymization, federated learning, private data, data leakage, personal data, de-identification, homomorphic encryption ~ security, unlearning, memorization
mechanistic interpretability, interpretability, explainability, XAI, explainable AI, model internals > sparse autoencoder, SAE, activation steering, feature attribution, steering vector, superposition, activation space, neuron, internal representation, linear probe, logit lens, saliency, transcoder, causal tracing ~ representation, attention head, explanation, transparency, circuit, probing, concept
activation steering, steering, representation engineering, steering vector > concept vector, model control ~ interpretability
AI safety, LLM safety, model safety, safety of AI, AI risk, existential risk > jailbreak, red teaming, alignment?, guardrail, misuse, AI governance, adversarial attack, deception, sandbagging, loss of control, sycophancy, reward hacking, harmful content, safety evaluation, oversight, content moderation, agent safety, prompt injection, backdoor, toxicity, dangerous capability, safety alignment, unlearning, trustworthiness ~ robustness, interpretability, bias?, security, harm, dangerous, safe, trustworthy, scheming
alignment?, AI alignment, value alignment, human alignment > human values, safety alignment, scalable oversight, constitutional AI, sycophancy, deceptive alignment, pluralistic alignment, moral, weak-to-strong, reward hacking ~ preference, safety, human feedback, RLHF, preference alignment
scalable oversight, oversight > AI control, monitoring of agents, debate, chain-of-thought monitoring, human oversight ~ alignment?, safety, governance
jailbreak, jailbreaking, jailbreak attack > red teaming, harmful request, refusal, prompt injection, safety bypass, guardrail, adversarial prompt, safety alignment ~ attack?, safety, harmful
red teaming, red-teaming > jailbreak, attack?, adversarial testing, vulnerability discovery ~ safety, security
prompt injection, agent security > indirect prompt injection, tool poisoning, data exfiltration, agent attack, malicious skill ~ jailbreak, security, agent
guardrail, content moderation, moderation, toxicity, hate speech > harmful content, toxic, safety classifier, abusive language, online harm, refusal ~ safety, social media
adversarial attack, adversarial example, adversarial robustness, adversarial machine learning > adversarial perturbation, backdoor, data poisoning, evasion attack, adversarial training, attack success, certified defense, attack?, membership inference, model extraction ~ defense, security, vulnerability, perturbation, robustness
backdoor, data poisoning, poisoning, trojan ~ adversarial attack, security
robustness, model robustness, reliability? > distribution shift, adversarial robustness ~ generalization, failure, perturbation, consistency, instability, brittleness, noise
deception, AI deception, sycophancy, manipulation of people, persuasion > persuasive, dishonest, lying, sandbagging, flattery, belief change, dark pattern ~ alignment?, trust?, scheming
bias?, fairness, algorithmic fairness, social bias > stereotype, gender bias, debiasing, demographic, political bias, cultural bias, equity, racial ~ ethics, society, discrimination
`;
