/** People, law, money, culture. The form is that of `thesaurus.ts`. */
export const society = `
AI governance, AI policy, AI regulation, regulation?, policy?, technology policy > AI act, governance, regulator, transparency report, AI sovereignty, liability, policymaker, governance framework ~ law?, ethics, safety, risk, public policy, audit, compliance, accountability, standards
ethics, AI ethics, responsible AI > moral, fairness, ethical, human values, trustworthiness, moral reasoning, transparency ~ governance, bias?, philosophy, accountability
philosophy > epistemology, moral, philosophical, metaphysics ~ ethics, cognitive science
law?, legal, legal AI, legal tech > court?, judge in court, legislation, statute, legal reasoning, case law, lawyer, judicial, patent, litigation, copyright, jurisprudence, legal question answering ~ regulation?, governance, contract?, compliance
patent, patents, intellectual property, copyright > trademark, prior art, inventor, memorization of copyrighted text ~ law?, watermark, licensing
finance, financial, fintech, trading?, quantitative finance > stock?, portfolio, market?, asset pricing, financial report, banking, investment, option pricing, risk management, stock prediction, insurance, earnings ~ economics, time series, prediction market, trader, credit, accounting
economics, economy, econometrics > labor market, market design, auction?, economic, inflation, game theory, productivity, macroeconomic, mechanism design, economic value ~ finance, policy?, pricing, consumer, employment
labor market, future of work > occupation, automation of work, workplace, productivity, hiring, job matching, resume ~ economics, human resources, employment, worker, jobs, work
human resources, hiring, recruitment > resume, job matching, interview, candidate screening ~ labor market, bias?
business, enterprise, workplace > enterprise, customer service, office work, business process, workflow automation, consulting, company, supply chain, professional task ~ finance, productivity, organization, management
customer service, call center, customer support ~ dialogue, business
prediction market, prediction markets, forecasting of events, event forecasting > Polymarket, Kalshi, betting, superforecasting, market resolution, future event, gambling ~ market?, finance, probability, forecasting, forecaster
game theory, mechanism design, auction?, negotiation > equilibrium, bargaining, cooperation, social dilemma, voting theory, incentive ~ economics, multi-agent, strategic
history?, historical?, historian, digital history > archive, historical document, manuscript, ancient, cultural heritage, medieval, archaeology, century, digital humanities, newspaper archive, heritage, historical text, inscription ~ humanities, museum, OCR
archive, archives, archival, digital library > historical document, record keeping, digitization, newspaper archive, manuscript, library science, catalog, archivist, digitized, document collection ~ history?, document, cultural heritage, metadata, preservation, library
digital humanities, humanities > cultural heritage, literary, history?, manuscript, philology, ancient text, corpus of texts ~ culture?, archive
archaeology, ancient, antiquity > ancient text, inscription, cuneiform, hieroglyph, excavation, Latin, ancient Greek, papyrus ~ history?, cultural heritage, artifact
cultural heritage, museum, heritage > painting, artwork, monument?, museum, digitization, restoration of art, folklore ~ history?, art?
culture?, cultural, cross-cultural > cultural bias, cultural knowledge, cultural alignment, cultural value, local knowledge, culturally ~ multilingual, society, tradition
religion, theology > bible, quran, religious, islamic ~ culture?, text
journalism, journalist, news, newsroom, data journalism, investigative journalism > newspaper, fact-checking, news article, editorial, data story, news recommendation, news story ~ misinformation, data visualization, verifiable, reporting, headline, press, media
data journalism, data storytelling, data story, data-driven story > data visualization, newsroom, journalist, data analysis, statistics story ~ news, evidence, chart
politics, political, political science, democracy, election > political bias, voter, polarization, propaganda, parliament, ideology, deliberation, diplomacy, geopolitics, political speech, public opinion ~ policy?, social media, campaign
war, military, defense industry > weapon, warfare, autonomous weapon, intelligence analysis ~ security, geopolitics, conflict
social media, social network, online community > Twitter, Reddit, TikTok, Facebook, influencer, user post, polarization, hate speech, content moderation, misinformation spread, recommendation feed, Wikipedia ~ network science, community
social science, computational social science, sociology, social simulation, society > survey of people, agent-based model, human behavior, LLM-based simulation of people, opinion dynamics, public opinion, demographic, social interaction, generative agents, societal impact ~ psychology, economics
gender, feminism > gender bias, women, sexism, LGBTQ ~ bias?, social science
crime, criminal, policing, forensics > fraud, police, forensic, human trafficking, scam, terrorism ~ law?, security
fraud, scam, phishing > fraud detection, financial crime, money laundering, scam detection ~ security, finance
human-computer interaction, HCI, human-AI interaction, user experience, human-AI collaboration > user study, human-centered, human-AI, participant study, usability, co-creation, trust in AI, human factors, interaction design ~ design?, user, assistant, accessibility
trust?, trustworthiness, trustworthy AI > trust calibration, transparency ~ safety, hallucination, explainability, reliance, reliability?
education, teaching?, learning of students, tutoring, edtech, pedagogy > classroom, curriculum of schools, essay scoring, knowledge tracing, university course, educational, intelligent tutoring, MOOC ~ children, feedback to students, student, teacher, tutor, grading, lecture, exam, homework, school, learner
children, child, kids, youth > child development, language acquisition, parenting, child safety, toddler, infant, teenager ~ education
city, urban, urban planning, smart city, architecture of buildings, civil engineering > street view, housing, real estate, urban scene, floor plan, indoor design, urban computing ~ geospatial, traffic, building, infrastructure, bridge, construction
interior design, architecture?, architectural design > floor plan, indoor scene, furniture, room layout ~ 3D, design?, building
travel, tourism > trip planning, itinerary, hotel, flight booking ~ planning?, map
supply chain, logistics > warehouse, inventory, delivery route, procurement, shipping ~ operations research, business
telecommunications, telecom ~ networking, wireless
insurance, actuarial, risk assessment > underwriting, claim handling, credit risk ~ finance
government, public sector, public administration > public service, civic, tax, bureaucracy ~ policy?, law?
`;
