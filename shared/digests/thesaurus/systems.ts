/** Machines, networks, security and software at large. The form is that of `thesaurus.ts`. */
export const systems = `
efficient inference, LLM inference, LLM serving, inference?, serving?, inference optimization > KV cache, speculative decoding, quantization, batching, prefill, throughput, inference engine, vLLM, inference acceleration, token pruning, disaggregated serving ~ GPU, memory?, efficient, cost, latency, caching
KV cache, KV-cache, key-value cache > cache compression, cache eviction, prefix caching, KV compression ~ long context, serving?, attention?
quantization, model quantization, low-bit, low precision > post-training quantization, FP4, FP8, NVFP4, INT4, 1-bit, binary network, quantization-aware training, ternary ~ compression, inference?, hardware
pruning, sparsity, model compression, compression of models > structured pruning, token pruning, sparse network, lottery ticket, layer removal, quantization, distillation ~ efficient, inference?
efficient deep learning, efficiency, efficient AI, green AI, energy consumption > energy efficiency, carbon footprint, quantization, pruning, power consumption, sustainable AI, low-cost ~ compute, inference?
edge?, edge computing, on-device, TinyML, edge AI, embedded system > microcontroller, mobile device, edge device, low-power, mobile deployment ~ quantization, IoT
distributed training, training systems, parallelism?, large-scale training > pipeline parallel, tensor parallel, data parallel, fault tolerance, communication-efficient, RL infrastructure, asynchronous training, training framework ~ GPU, cluster, throughput, checkpointing
high-performance computing, HPC, parallel computing, supercomputer > GPU kernel, scientific computing, exascale, MPI ~ GPU, performance, numerical
GPU, CUDA, GPU kernel, kernel optimization, GPU programming > Triton, kernel generation, tensor core, compiler, operator fusion ~ hardware, performance
hardware, chip, chips, semiconductor, chip design, computer architecture, VLSI, EDA > Verilog, RTL, circuit design, accelerator, FPGA, ASIC, in-memory computing, hardware design, integrated circuit, placement and routing, layout of chips, NPU, TPU, hardware-aware, memristor, analog circuit, transistor, lithography ~ GPU, low-power, energy efficiency, silicon, processor
FPGA, accelerator, hardware accelerator > systolic array, high-level synthesis, in-memory computing, ASIC ~ chip, quantization
neuromorphic, spiking neural network, SNN, brain-inspired > spike, memristor, event camera ~ energy efficiency, hardware, neuroscience
quantum computing, quantum, quantum machine learning > qubit, quantum circuit, quantum error correction, variational quantum, quantum algorithm, quantum annealing ~ physics
operating system, OS > kernel of an operating system, file system, Linux ~ systems, software, scheduler
compiler, compilers > code optimization, program optimization, LLVM, MLIR, just-in-time ~ programming language, GPU kernel
database, databases, data management, SQL > text-to-SQL, query optimization, data lake, data warehouse, data cleaning, transaction ~ table?, query
cloud computing, cloud, serverless, data center > autoscaling, resource allocation, workload scheduling, microservice ~ serving?, cost
networking, computer network, wireless, wireless communication, 5G, 6G > channel estimation, MIMO, beamforming, telecom, network traffic, routing protocol, O-RAN, edge network ~ signal, communication, spectrum
signal processing > radar, compressed sensing, denoising, time-frequency ~ signal, sensor, filter, spectrum
data science, data analysis, data analytics > data agent, exploratory analysis, notebook, Kaggle, tabular, data pipeline, AutoML ~ statistics, visualization
cybersecurity, cyber security, computer security, information security, security > malware, intrusion detection, penetration testing, phishing, threat intelligence, CTF, secure code, attack?, authentication, fuzzing, prompt injection, supply chain attack, ransomware, access control, cyberattack ~ privacy, adversarial, defense, safety, vulnerability, exploit, leakage
malware, intrusion detection, network security > anomaly in network traffic, ransomware, botnet ~ cybersecurity
vulnerability detection, code security, secure code > bug, penetration testing, fuzzing, CVE, vulnerability repair ~ software engineering, cybersecurity, exploit
cryptography, encryption > homomorphic encryption, zero-knowledge, cipher, post-quantum, secure computation, signature scheme ~ security, privacy
crypto, cryptocurrency, blockchain, web3, DeFi, NFT > smart contract, on-chain, off-chain, Bitcoin, Ethereum, decentralized finance, token economy, Solana, Polymarket, stablecoin, transaction ledger, decentralized exchange ~ finance, ledger
formal verification, formal methods, program verification > Lean, Coq, Isabelle, model checking, SMT solver, proof assistant, Dafny, verified code, theorem proving ~ logic?, correctness, specification
theorem proving, automated theorem proving, formal mathematics, proof assistant, Lean > autoformalization, formal proof, Isabelle, proof search, proof generation, mathlib ~ mathematics, mathematical reasoning, formal verification
algorithm, algorithms, data structure, complexity theory > graph algorithm, approximation algorithm, computational complexity, NP-hard, sorting, streaming algorithm ~ theory?, optimization
simulation?, simulator, digital twin > physics simulation, agent-based model, synthetic environment, surrogate model ~ environment?, model
AI infrastructure, MLOps, machine learning systems > model deployment, training framework, monitoring of models, reproducibility, model registry ~ serving?, distributed training
reproducibility, replication, open science > replicate, research integrity, open-source release ~ science of science
`;
