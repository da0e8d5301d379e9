/** The sciences of nature, life and number. The form is that of `thesaurus.ts`. */
export const science = `
AI for science, AI4Science, scientific discovery, AI scientist, automated research > scientific machine learning, research agent for science, hypothesis generation, laboratory automation, autonomous laboratory, scientific reasoning, automated discovery, idea generation, scientific agent, scientific literature, paper reproduction, peer review ~ science, scientist, experiment
science of science, scientometrics, peer review, scholarly > citation, bibliometrics, scientific publication, academic paper, research evaluation ~ scientific literature, academia, reviewer
biology, computational biology, bioinformatics, life science > protein, genomics, single-cell, DNA, RNA, gene expression, drug discovery, evolution of species, molecular biology, microscopy, phylogenetics, microbiome ~ molecule, biomedical, sequence, cell?, biological
protein, protein design, protein structure, proteomics > protein folding, protein language model, antibody, enzyme, AlphaFold, binding affinity, peptide, amino acid ~ biology, molecule, drug discovery, binder
genomics, genome, genetics, DNA > gene, gene expression, RNA, single-cell, sequencing, genomic, CRISPR, transcriptomics, regulatory sequence ~ biology, sequence model, variant
single-cell, cell biology, transcriptomics > gene expression, perturbation of cells, virtual cell, spatial transcriptomics ~ genomics, biology
drug discovery, drug design, pharmacology, pharmaceutical > molecule generation, docking, ligand, ADMET, toxicity of molecules, small molecule, medicinal chemistry, clinical trial ~ chemistry, protein, binding?, drug
chemistry, computational chemistry, molecule, molecular > molecule generation, reaction prediction, retrosynthesis, catalyst, molecular dynamics, quantum chemistry, chemist, chemical, spectroscopy, SMILES, crystal?, interatomic potential ~ drug discovery, materials?
materials science, materials?, materials discovery > crystal?, alloy, polymer, battery, material property, interatomic potential, crystal structure, metal-organic framework, nanomaterial ~ chemistry, physics
physics, physical science > particle physics, physics-informed, quantum mechanics, fluid dynamics, PDE, astrophysics, thermodynamics, statistical physics, physics simulation, physics reasoning, optics, plasma, physical law ~ simulation?, equation, dynamics
physics-informed, PINN, neural operator, PDE, partial differential equation, scientific machine learning, scientific computing > Navier-Stokes, operator learning, surrogate model, finite element, numerical solver, dynamical system, differential equation ~ physics, simulation?
fluid dynamics, CFD, turbulence > Navier-Stokes, flow field, aerodynamics ~ PDE, physics
dynamical systems, chaos, nonlinear dynamics > differential equation, bifurcation ~ control?, physics, attractor
astronomy, astrophysics, cosmology > galaxy, telescope, stellar, exoplanet, gravitational wave, black hole, dark matter ~ physics, space?, star?, solar?
particle physics, high-energy physics, nuclear > collider, neutrino, quark, detector physics, fusion energy ~ physics
optics, photonics, imaging physics > laser?, holography, microscopy, optical ~ physics, lens?
mathematics, math, maths, pure mathematics > theorem, theorem proving, algebra, number theory, combinatorics, conjecture, mathematical, proof, mathematician, olympiad, calculus, mathematical reasoning ~ formal, equation, topology
geometry, topology > Riemannian, curvature ~ mathematics, topological, manifold, geometric
logic?, symbolic reasoning, neuro-symbolic, neurosymbolic, symbolic AI > logical reasoning, SAT, answer set programming, rule learning, first-order logic, symbolic regression ~ reasoning, formal, symbolic
climate, climate change, weather?, weather forecasting, meteorology, atmospheric science > global warming, precipitation, cyclone, climate model, carbon emission, atmosphere?, extreme weather, flood, wildfire, downscaling, greenhouse, sea level ~ earth observation, environment?, sustainability
environment?, ecology, biodiversity, conservation?, sustainability > species, wildlife, forest?, pollution, air quality, ocean, marine, water quality, carbon footprint, environmental? ~ climate, remote sensing, animal, ecosystem, bird, plant?
ocean, oceanography, marine, underwater > fish, coral, underwater image, maritime ~ environment?, climate, sea, ship
earth science, geoscience, geology, hydrology, seismology > earthquake, seismic, volcano, groundwater, subsurface ~ climate, remote sensing, river?, mineral
disaster, emergency response, crisis > earthquake, flood, wildfire, rescue, humanitarian, hurricane ~ remote sensing, safety
agriculture, farming > crop?, plant disease, livestock, nutrition ~ remote sensing, environment?, soil, harvest, recipe, cooking, food?
animals, animal behavior, wildlife > whale, insect, bioacoustics, species, veterinary ~ ecology, animal, bird
energy?, power system, power grid, smart grid, renewable energy > microgrid, electricity, solar power, wind power, battery, building energy, load forecasting, power flow ~ climate, optimal control
medicine, medical, medical AI, healthcare, health, clinical, biomedical > medical imaging, diagnosis?, patient, electronic health record, clinical decision, radiology, pathology, clinical note, disease, cancer, hospital, physician, medical reasoning, clinical trial, surgery, health care, medical question answering, psychiatry, nursing ~ biology, mental health, wearable, treatment?, drug
medical imaging, medical image, medical image analysis > radiology, pathology, MRI, CT, X-ray, ultrasound, histopathology, medical segmentation, whole slide image, mammography, endoscopy, retinal, dermatology, tumor, lesion, PET ~ medicine, segmentation, diagnosis
radiology, chest X-ray > CT, MRI, report generation in radiology, radiologist, X-ray, mammography ~ medical imaging
pathology, histopathology, digital pathology > whole slide image, WSI, tissue, multiple instance learning, cancer ~ medical imaging
electronic health record, EHR, clinical text, clinical NLP > clinical note, ICD coding, discharge summary, patient record ~ medicine, hospital
cancer, oncology > tumor, histopathology, breast cancer, radiotherapy, survival prediction ~ medicine, medical imaging
cardiology > ECG, electrocardiogram, cardiac, echocardiography, arrhythmia ~ medicine, physiological signal, heart?
ophthalmology > retinal, fundus, OCT, gaze, eye tracking ~ medical imaging, eye?
dentistry, dental > tooth, oral health ~ medical imaging
mental health, psychiatry, psychotherapy, counseling? > depression, suicide, therapy, emotional support, anxiety, psychiatric, autism, dementia, Alzheimer, well-being, counselor ~ psychology, medicine, empathy
public health, epidemiology, epidemic > pandemic, COVID, infectious disease, vaccine, outbreak, mortality ~ medicine, health
accessibility, assistive technology, disability > visually impaired, sign language, deaf, dyslexia, screen reader, wheelchair, low vision, older adult ~ human-computer interaction, health, blind
sign language, sign language translation ~ gesture, accessibility
aging, elderly, older adults > dementia, Alzheimer, caregiving, caregiver ~ health, accessibility
neuroscience, brain, cognitive neuroscience > fMRI, EEG, brain-computer interface, BCI, neural recording, cortex, brain decoding, brain imaging, neuron in brain, connectome, neural decoding ~ cognition, brain-inspired
EEG, brain-computer interface, BCI, brain decoding > neural signal, fMRI, electrophysiology ~ neuroscience, signal
cognitive science, cognition, psychology > human cognition, theory of mind, cognitive bias, psychological, human behavior, developmental, perception of people, mental model, cognitive, psychometric ~ neuroscience, human study, social science, personality
theory of mind, social reasoning, social intelligence > mental state, social cognition ~ cognitive science, dialogue, belief
emotion, affective computing, empathy > emotion recognition, emotional, facial expression, empathetic ~ sentiment, psychology
consciousness, sentience, philosophy of mind ~ cognitive science, philosophy
`;
