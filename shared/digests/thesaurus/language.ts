/** Language, speech, retrieval and their uses. The form is that of `thesaurus.ts`. */
export const language = `
natural language processing, NLP, computational linguistics > text classification, machine translation, named entity recognition, summarization, question answering, sentiment analysis, information extraction, language modeling ~ language model, linguistics, corpus, text, parsing?
large language model, LLM, language model, foundation language model > GPT, small language model, instruction following, prompting, technical report ~ pre-training, post-training, token, chat
small language model, SLM > on-device language model, compact model, edge model ~ distillation, pruning, quantization
pre-training, pretraining > continued pre-training, mid-training, data mixture, pre-training data, scaling law ~ corpus, token, learning rate, optimizer
post-training > supervised fine-tuning, instruction tuning, preference optimization, reinforcement learning from human feedback, RLVR ~ reward, alignment?
fine-tuning, finetuning, supervised fine-tuning, SFT > LoRA, parameter-efficient fine-tuning, instruction tuning ~ adaptation, transfer learning, adapter
parameter-efficient fine-tuning, PEFT, LoRA, low-rank adaptation > prompt tuning, prefix tuning, low-rank update ~ fine-tuning, adapter
instruction tuning, instruction following > instruction data, instruction-tuned, self-instruct ~ fine-tuning
prompting, prompt engineering, prompt optimization > chain of thought, in-context learning, few-shot prompting, system prompt, automatic prompt ~ instruction
in-context learning, ICL > few-shot learning, demonstration selection, many-shot ~ prompting
long context, long-context, context length, context window > context compression, million token, length extrapolation, position encoding, long document ~ KV cache, memory?, sparse attention
reasoning, LLM reasoning, large reasoning model, LRM > chain of thought, mathematical reasoning, logical reasoning, multi-step reasoning, test-time scaling, commonsense reasoning, reasoning trace, overthinking ~ RLVR, thinking, planning?, verifier
chain of thought, CoT, chain-of-thought > reasoning trace, latent reasoning, step-by-step, reasoning chain, thinking token ~ reasoning
mathematical reasoning, math reasoning > theorem proving, math word problem, olympiad, AIME, competition math, verifiable reasoning, geometry problem ~ reasoning, mathematics
test-time scaling, test-time compute, inference-time scaling > best-of-N, self-consistency, tree search, majority voting, inference-time compute ~ reasoning, sampling, decoding, verifier
LLM agent, language agent, AI agent, autonomous agent, agentic AI, agentic system, agent > web agent, coding agent, computer use, tool use, multi-agent, agent memory, agent harness, agentic reasoning, agentic RL, agentic model, deep research, agent evaluation, agent skill ~ planning?, long-horizon, trajectory, tool, environment?, workflow
multi-agent system, multi-agent, multiagent > agent collaboration, agent communication, agent debate, agent team, multi-agent reinforcement learning, orchestration ~ agent, role-playing, coordination
coding agent, code agent, software engineering agent, SWE agent > SWE-bench, repository-level, issue resolution, terminal agent, agentic coding, vibe coding, program repair, codebase, pull request ~ code generation, harness, agent, software
code generation, code?, program synthesis, code model, code LLM, coding > program repair, code completion, code review, text-to-SQL, unit test, code translation, competitive programming, repository, kernel generation, verilog, compiler ~ code, programming, software, developer, execution feedback
programming, programming language > code generation, compiler, type system, program analysis, debugging, static analysis ~ code, software engineering
software engineering > program repair, code review, bug, software testing, unit test, issue resolution, repository, refactoring, DevOps, SWE-bench, technical debt ~ code, developer, coding agent
software testing, testing of software > unit test, fuzzing, test generation, mutation testing, bug detection ~ debugging, software
text-to-SQL, NL2SQL > database, SQL, schema linking ~ table?, query
tool use, tool calling, function calling, tool-use, tool learning > MCP, model context protocol, API call, tool-integrated reasoning, tool-augmented, agent skill, tool ~ agent, agentic
model context protocol, MCP ~ tool use, agent
computer use, GUI agent, computer-use agent, CUA > web agent, mobile agent, screen, GUI grounding, desktop, browser?, operating system ~ agent, click, screenshot
web agent, browser agent > web navigation, browsing, website, web search agent ~ GUI agent, computer use
mobile?, mobile agent, mobile app, smartphone, phone > mobile GUI, Android, iOS, phone-use, mobile device, on-device ~ GUI agent
agent memory, memory-augmented agent, long-term memory > episodic memory, memory management, memory retrieval, context management, memory bank, experience learning, experience replay, personalized memory, context compression ~ memory?, long context, agent, experience
context engineering, context management > context compression, agent memory, prompt compression, context folding, context pruning ~ long context, agent
agent harness, harness, scaffold? ~ agent, coding agent, orchestration
planning?, task planning > long-horizon, tree search, MCTS, decision making, subgoal, world model ~ agent, reasoning
deep research, research agent > agentic search, report generation, web search agent, browsecomp ~ RAG, search?, citation, agent
retrieval-augmented generation, RAG, retrieval-augmented, retrieval augmented LLM > agentic RAG, GraphRAG, multi-hop question answering, grounded generation, document question answering, knowledge-grounded, chunking, retriever, grounding in documents ~ retrieval?, reranking, hallucination, knowledge graph, document, evidence, attribution
information retrieval, IR, retrieval? > dense retrieval, sparse retrieval, reranking, query rewriting, search engine, retriever, BM25, document retrieval, ranking?, cross-modal retrieval, late interaction ~ embedding?, index, query, relevance, RAG
dense retrieval, dense retriever, neural retrieval, embedding retrieval > bi-encoder, late interaction, ColBERT, contrastive retriever, text embedding, retriever, hard negative ~ retrieval?, embedding?, reranking, BEIR
search?, search engine, web search, agentic search > query rewriting, search agent, retrieval?, deep research, semantic search, vector search, browsing, search relevance ~ query, ranking?, RAG
vector database, vector search, approximate nearest neighbor, ANN search > HNSW, nearest neighbor, similarity search, vector index ~ embedding?, retrieval?, quantization
reranking, reranker, learning to rank, ranking? > cross-encoder, listwise, passage ranking ~ retrieval?, search?
embedding?, text embedding, embedding model, sentence embedding > embedding benchmark, contrastive embedding, multimodal embedding, MTEB, matryoshka, dense retrieval, vector representation ~ retrieval?, similarity, contrastive learning
question answering, QA > multi-hop, open-domain QA, document question answering, visual question answering, reading comprehension, table question answering ~ RAG, knowledge, evidence
visual question answering, VQA > document VQA, chart question answering, video question answering ~ VLM
document understanding, document AI, document intelligence, OCR > document parsing, text recognition, layout analysis, chart understanding, table extraction, PDF, document question answering, handwriting recognition, scanned document ~ document, text image, page, form
optical character recognition, OCR, text recognition > document parsing, handwriting recognition, scene text, text spotting ~ document, transcription
handwriting, handwritten, handwriting recognition > manuscript, HTR, calligraphy, signature? ~ OCR, document, historical document
table?, tabular data, tabular > table understanding, spreadsheet, table question answering, tabular foundation model ~ structured data, database
chart, data visualization, visualization > chart understanding, chart generation, plot, infographic, dashboard ~ figure, data story
knowledge graph, KG, ontology > entity linking, link prediction, triple, GraphRAG, knowledge base, relation extraction ~ graph?, entity, symbolic
information extraction > named entity recognition, relation extraction, event extraction, entity linking ~ document, schema
hallucination, factuality, truthfulness > faithfulness, fact-checking, factual error, unsupported claim, abstention, uncertainty ~ trust?, verification, RAG, confidence?, grounding?
fact-checking, fact checking, claim verification, misinformation, disinformation, fake news > rumor, evidence retrieval, veracity, deepfake, manipulated media, propaganda, verification of claims, rumour ~ credibility, source attribution, factuality, news, claim
AI-generated text detection, machine-generated text, AI text detection > machine text, watermark, authorship, stylistic, paraphrase attack, AI-generated content detection ~ detector, plagiarism
authorship, authorship attribution, stylometry > writing style, stylistic, forensic linguistics, plagiarism ~ author
summarization, summarisation, summary generation > abstractive, meeting summary, long document ~ text generation
machine translation, MT, translation? > multilingual translation, speech translation, document translation, literary translation, cross-lingual ~ multilingual, low-resource language
multilingual, multilinguality, cross-lingual, crosslingual > low-resource language, non-English, language-specific, multilingual benchmark, translation?, language transfer, code-switching, dialect ~ linguistic, Arabic, Hindi, Chinese, Indic, African language, language identification
low-resource language, low-resource NLP, under-resourced language, endangered language > African language, Indic, Swahili, Yoruba, dialect, indigenous language, regional language, minority language ~ multilingual, cross-lingual, translation?, low-resource
African language > Swahili, Yoruba, Hausa, Amharic, Zulu, Igbo, Wolof ~ low-resource language, Africa
Arabic > Arabic dialect, Egyptian, Gulf, Quran, Levantine, Moroccan, Darija, MSA ~ Hebrew, Persian, right-to-left, Islam, multilingual
Indic, Indian language, Hindi > Tamil, Bengali, Telugu, Marathi, Urdu, Sanskrit, Gujarati, Kannada, Malayalam, Punjabi, Hinglish, India ~ multilingual, low-resource language
Chinese, Mandarin > Cantonese, Chinese language, Hanzi, classical Chinese ~ multilingual, China
Japanese > Japan, kanji ~ multilingual
Korean > Korea, hangul ~ multilingual
Ukrainian, Russian, Slavic > Polish, Czech, Bulgarian, Serbian, Croatian, Cyrillic ~ multilingual, low-resource language
European language > German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Finnish, Greek, Romanian, Hungarian, Turkish ~ multilingual
code-switching, code switching, code-mixing, code-mixed > mixed-language, Hinglish, bilingual ~ multilingual, dialect
dialect, language variety > accent, vernacular, Arabic dialect, regional language ~ low-resource language, sociolinguistics
tokenization, tokenizer > byte-level, subword, BPE, vocabulary, tokenizer-free ~ language model, vocabulary
linguistics, syntax, grammar, morphology > phonology, pragmatics, semantics of language, treebank, dependency parsing, psycholinguistics, language acquisition ~ language, corpus
sentiment analysis, opinion mining > emotion recognition, stance detection, aspect-based ~ social media
dialogue, dialogue system, conversational AI, chatbot > multi-turn, spoken dialogue, full-duplex, role-playing, persona, companion, voice assistant ~ chat, user simulation, turn-taking, conversation
role-playing, persona, character AI > persona consistency, character simulation, user simulation ~ dialogue, personalization
personalization, personalised, user modeling > user preference, user profile, personal assistant, personalized, user simulation ~ recommendation, memory?
speech, speech processing, spoken language > speech recognition, text-to-speech, speech separation, speech enhancement, speaker, spoken dialogue, speech translation, speech language model, voice, speech token ~ audio, acoustic, phoneme, multilingual speech
automatic speech recognition, ASR, speech recognition, speech-to-text > transcription, Whisper, multi-talker, streaming speech, word error rate, accent, speech translation ~ speech, audio, acoustic
text-to-speech, TTS, speech synthesis > voice cloning, zero-shot TTS, speech generation, prosody, voice conversion, expressive speech, vocoder ~ speech, audio codec, voice
speaker recognition, speaker verification, diarization > speaker embedding, speaker diarization, voice biometrics, multi-talker ~ speech, voice
spoken dialogue, voice assistant, voice agent, full-duplex > speech language model, turn-taking, speech-to-speech ~ dialogue, speech
audio, audio processing, sound > audio generation, sound event, audio language model, audio understanding, music, speech, audio codec, spatial audio, acoustic, foley ~ waveform, spectrogram
audio generation, sound generation, text-to-audio > foley, video-to-audio, sound effect, music generation, audio synthesis ~ diffusion model, audio
music, music generation, music information retrieval > song, singing, lyrics, melody, musical, audio music, MIDI, symbolic music, instrument ~ audio, sound, composer
creative writing, story generation, storytelling > fiction, poetry, screenplay, literary ~ creativity, writing?, narrative?, novel?
literature, literary, poetry > poem, fiction, literary translation, Shakespeare ~ humanities, creative writing, novel?, narrative?
creativity, computational creativity > ideation, creative, divergent thinking, novelty ~ design?, art?
writing?, writing assistance > academic writing, essay, co-writing, grammatical error correction ~ text generation, revision
decoding, speculative decoding, sampling strategy > draft model, beam search, constrained decoding, multi-token prediction, parallel decoding ~ inference?, latency
structured output, structured generation > JSON, constrained decoding, grammar-constrained ~ format, schema
diffusion language model, dLLM, masked diffusion, discrete diffusion > text diffusion, masked diffusion language model, block diffusion, parallel decoding ~ language model, diffusion model
LLM-as-a-judge, LLM judge, automatic evaluation, judge model > reward model, pairwise comparison ~ evaluation, human preference, evaluator, rubric
benchmark, benchmarking > bench, leaderboard, evaluation suite, test suite, testbed, evaluation benchmark
evaluation, LLM evaluation, model evaluation > benchmark, LLM-as-a-judge, leaderboard, contamination, psychometric, evaluation framework, arena ~ metric, human evaluation
data contamination, contamination, benchmark leakage ~ memorization, evaluation
dataset, data curation, training data > data selection, synthetic data, data filtering, data mixture, data recipe, deduplication, data quality ~ data pipeline, corpus, annotation
synthetic data, data synthesis, data generation > self-instruct, synthetic dataset, simulated data, data augmentation, model collapse ~ training data
annotation, crowdsourcing, labeling > annotator, human label, active learning, inter-annotator, weak supervision ~ dataset
survey, literature review > systematic review, taxonomy, overview, position paper, roadmap, tutorial ~ review
`;
