/** Seeing, drawing and moving pictures; scenes. The form is that of `thesaurus.ts`. */
export const vision = `
computer vision, CV, vision > object detection, segmentation, image classification, depth estimation, pose estimation, tracking?, visual recognition, image restoration, 3D vision, visual representation ~ image, video, vision transformer, visual
vision-language model, VLM, multimodal large language model, MLLM, LVLM, multimodal LLM, vision language > visual question answering, visual reasoning, visual grounding, image captioning, CLIP, video understanding, multimodal reasoning, visual instruction ~ multimodal, visual, image
multimodal, multimodality, multimodal learning, multi-modal > vision-language model, omni-modal, audio-visual, cross-modal, multimodal understanding, any-to-any, interleaved, unified model ~ image, video, audio
omni-modal, omni model, any-to-any ~ multimodal, unified model, audio, speech
unified multimodal model, unified understanding and generation, unified model ~ multimodal, text-to-image
visual reasoning, multimodal reasoning, spatial reasoning, spatial intelligence > thinking with images, spatial understanding, visual puzzle, geometric reasoning, 3D reasoning ~ VLM, reasoning
visual grounding, referring expression > open-vocabulary, phrase grounding, referring segmentation ~ object detection, VLM, pointing, grounding?
image captioning, captioning > dense caption, video captioning, recaptioning ~ VLM
diffusion model, diffusion, denoising diffusion, score-based, flow matching, rectified flow > diffusion transformer, latent diffusion, text-to-image, video diffusion, consistency model, few-step generation, classifier-free guidance, noise schedule, denoising, stable diffusion, flow-based, image generation, video generation, autoencoder latent ~ generative model, sampling, VAE, score, restoration, sampler
generative model, generative AI, generative modeling > diffusion model, GAN, VAE, autoregressive generation, normalizing flow, flow matching, image generation ~ synthesis, sampling
diffusion transformer, DiT ~ diffusion model, transformer, image generation
generative adversarial network, GAN > adversarial training of generators, StyleGAN ~ generative model, discriminator
variational autoencoder, VAE, autoencoder > latent space, visual tokenizer, image tokenizer, vector quantization, VQ ~ representation, latent
visual tokenizer, image tokenizer > vector quantization, discrete token, codebook ~ VAE, autoregressive image
text-to-image, T2I, image generation, image synthesis, text to image > autoregressive image, diffusion model, personalized generation, subject-driven, controllable generation, layout-to-image, text rendering, ControlNet ~ prompt, aesthetic, diffusion transformer
image editing, image edit, instruction-based editing, photo editing > inpainting, style transfer, object removal, relighting, drag-based, image manipulation, virtual try-on, video editing, retouching, background replacement, edit ~ text-to-image, subject-driven, reference image
style transfer, stylization > artistic style, font generation ~ image editing
inpainting, outpainting, object removal ~ image editing, completion
virtual try-on, fashion > garment, clothing, outfit ~ image editing, human image
video generation, text-to-video, T2V, video synthesis, video diffusion, image-to-video > camera control, long video generation, video world model, talking head, human animation, video editing, video consistency, video autoregressive, streaming video generation, audio-video generation, motion control ~ video, diffusion model, temporal consistency, frame
video editing, video-to-video > video inpainting, video stylization ~ video generation, image editing
human animation, talking head, portrait animation, avatar, digital human > lip sync, facial animation, gesture, audio-driven, head avatar, human motion ~ video generation, face?
motion generation, human motion > motion capture, text-to-motion, dance, gait, pose ~ animation, character
animation, character animation > rigging, cartoon, anime ~ graphics, video generation, motion
video understanding, video analysis, video LLM, video question answering > action recognition, long video, temporal grounding, video captioning, streaming video, video retrieval, egocentric video, video embedding, moment retrieval, video reasoning ~ video, frame, VLM
action recognition, activity recognition > temporal action, gesture recognition, skeleton ~ video understanding, human
egocentric, egocentric vision, first-person > wearable camera, smart glasses, Ego4D, hand-object interaction ~ video, embodied
world model, world modeling, world simulator > interactive world, video world model, latent dynamics, environment simulation, game engine, next-state prediction, interactive environment, physical simulation, JEPA, action-conditioned ~ video generation, simulation?, planning?, dynamics
3D vision, 3D reconstruction, 3D > Gaussian splatting, NeRF, multi-view, novel view synthesis, point cloud, depth estimation, structure from motion, SLAM, camera pose, 4D reconstruction, feed-forward reconstruction, stereo ~ geometry, scene, surface, mesh
3D generation, text-to-3D, image-to-3D, 3D asset > mesh generation, 3D Gaussian generation, texture generation, scene generation, CAD, shape generation, articulated object, 3D editing ~ 3D, mesh, geometry, Gaussian splatting
Gaussian splatting, 3DGS, 3D Gaussian, splatting > 4D Gaussian, dynamic Gaussian, Gaussian primitive, 2DGS ~ novel view synthesis, rendering?, NeRF, reconstruction
NeRF, neural radiance field, radiance field, novel view synthesis, view synthesis > Gaussian splatting, neural rendering, multi-view ~ 3D reconstruction, rendering?
4D, dynamic scene > 4D reconstruction, 4D generation, dynamic Gaussian ~ video, 3D
neural rendering, rendering?, computer graphics, graphics > inverse rendering, relighting, ray tracing, BRDF, shading ~ 3D, light, simulation?, material?, texture, mesh, animation
point cloud, LiDAR > 3D detection, point cloud registration, 3D segmentation ~ 3D, driving
CAD, computer-aided design > parametric model, B-rep, engineering drawing, mechanical design ~ 3D generation, design?
depth estimation, monocular depth, depth? > stereo matching, metric depth, surface normal ~ 3D, geometry
SLAM, visual odometry > camera pose, place recognition, structure from motion ~ robot navigation, 3D reconstruction, localization?, mapping
pose estimation, human pose > hand pose, 6D pose, keypoint, body model, SMPL, mesh recovery ~ motion, tracking?
object detection, detection of objects > open-vocabulary detection, YOLO, small object, DETR, bounding box ~ segmentation, grounding?
segmentation, image segmentation, semantic segmentation, instance segmentation > SAM, segment anything, panoptic, referring segmentation, medical segmentation ~ object detection, dense prediction, mask
tracking?, object tracking, multi-object tracking > point tracking, re-identification, video object segmentation ~ video, motion
optical flow, motion estimation > scene flow, point tracking ~ video
image restoration, low-level vision > super-resolution, denoising, deblurring, dehazing, deraining, low-light, image enhancement, inverse problem ~ image quality, diffusion model
super-resolution, upscaling > image super-resolution, video super-resolution ~ image restoration
inverse problem > compressed sensing, posterior sampling, plug-and-play, image restoration, tomography ~ reconstruction, diffusion model
computational photography, photography, camera > HDR, raw image, bokeh, ISP, smartphone camera, event camera ~ image, light, exposure, lens?
event camera, neuromorphic vision ~ camera, spiking
image quality, image aesthetic > quality assessment, aesthetic ~ perception
image compression, video compression, codec, compression of images > neural codec, learned compression, rate-distortion ~ coding, bit rate
face?, face recognition, facial > facial expression, face generation, face swap, biometric, deepfake ~ identity, portrait
biometrics, biometric > fingerprint, iris, face recognition, gait ~ identity, verification
deepfake, deepfake detection, AI-generated image detection, image forensics, synthetic media > AI-generated video detection, forgery, face swap, manipulated media, forgery localization ~ watermark, misinformation, authenticity, provenance
watermark, watermarking, content provenance > ownership verification, fingerprinting, copyright protection ~ deepfake, intellectual property, AI-generated, tracing
remote sensing, satellite, satellite imagery, earth observation, aerial imagery > geospatial, hyperspectral, SAR, land cover, change detection, UAV imagery, aerial, geo-localization ~ map, climate, agriculture
geospatial, GIS, geography > geo-localization, satellite imagery, urban, spatial data, trajectory data, street view, cartography ~ location, city, maps
vision transformer, ViT > image backbone, patch token, DINO ~ self-supervised learning, transformer
self-supervised learning, SSL, representation learning, visual representation learning > contrastive learning, masked autoencoder, DINO, JEPA, unsupervised representation ~ pre-training, embedding?
contrastive learning, CLIP, contrastive pre-training > image-text, contrastive loss, SigLIP ~ embedding?, self-supervised learning
image classification, image recognition > ImageNet, fine-grained recognition, multiple instance learning ~ vision
zero-shot, few-shot, few-shot learning, open-vocabulary ~ generalization, transfer learning
design?, graphic design > layout generation, poster, UI design, slide, web design, SVG, font, logo, vector graphics ~ creative, visual
user interface, UI, front-end, web design > UI generation, webpage generation, design-to-code, HTML, GUI ~ design?, human-computer interaction
slides, poster generation ~ design?, document, presentation
art?, artwork, digital art > painting, museum, artist, illustration, calligraphy, sculpture, comic ~ creative, cultural heritage, style transfer
comics, manga > comic, anime, illustration ~ story generation
film, cinema, cinematography, movie > screenplay, video editing, trailer, filmmaking ~ video generation, shot?, story?
game?, games?, video game, gaming > game playing, Minecraft, game engine, chess, Atari, game generation, NPC, board game, poker, esports ~ interactive world, simulation?, reinforcement learning, Go
virtual reality, VR, augmented reality, AR, extended reality, XR, mixed reality > immersive, headset, smart glasses, telepresence ~ 3D, avatar, egocentric
sports > football, soccer, basketball, tennis, athlete ~ video understanding, motion
`;
