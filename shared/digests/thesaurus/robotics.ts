/** Bodies that act: robots, vehicles, control. The form is that of `thesaurus.ts`. */
export const robotics = `
robotics, robot, robotic, robot learning, embodied AI, embodied intelligence, embodied agent, embodied > robot manipulation, VLA, humanoid, locomotion, robot navigation, quadruped, robot policy, teleoperation, sim-to-real, imitation learning, robot data, embodied reasoning, physical AI, world action model ~ world model, control?, policy learning, simulation?, physical, manipulator
robot manipulation, robotic manipulation, manipulation?, dexterous manipulation > grasping, bimanual, dexterous hand, robot arm, contact-rich, pick-and-place, VLA, deformable object, gripper, object rearrangement, robot policy, tactile, world action model, robot learning ~ robot, imitation learning, diffusion policy, demonstration, skill, assembly
vision-language-action, VLA, vision-language-action model, robot foundation model > action chunk, robot policy, generalist policy, pi0, OpenVLA, action tokenization, world action model, action head ~ robot manipulation, VLM, embodied, diffusion policy
imitation learning, behavior cloning, behaviour cloning, learning from demonstration > diffusion policy, teleoperation, human demonstration, DAgger, robot demonstration, human video, egocentric human data, offline imitation ~ robot learning, policy learning, VLA, expert trajectory
grasping, grasp, grasp planning > dexterous grasp, gripper, grasp pose, robotic hand, hand-object interaction, pick-and-place ~ robot manipulation, dexterous
tactile, tactile sensing, touch, haptics > haptic, force sensing, contact-rich, tactile sensor ~ robot manipulation, sensor
sim-to-real, sim2real, robot simulation, domain randomization > digital twin, physics simulation, real-to-sim, real2sim ~ robot, simulation?, simulator
humanoid, humanoid robot, whole-body control > loco-manipulation, motion tracking, teleoperation, bipedal ~ locomotion, robot
legged robot, locomotion, quadruped > legged locomotion, bipedal, gait, parkour, humanoid ~ robot, control?
robot navigation, navigation, vision-and-language navigation, VLN > embodied navigation, object navigation, path planning, motion planning, obstacle avoidance ~ SLAM, embodied, robot, exploration?
motion planning, path planning, trajectory optimization, trajectory planning > collision avoidance, trajectory planning ~ navigation, control?, robot
autonomous driving, self-driving, autonomous vehicle, self-driving car, driving > driving scene, end-to-end driving, driving planning, motion forecasting, trajectory prediction, bird's-eye-view, driver assistance, driving simulation, traffic scene ~ LiDAR, planning?, traffic, urban scene, vehicle
drone, UAV, unmanned aerial vehicle, aerial robot, quadrotor > aerial, drone swarm, drone navigation, multi-UAV ~ remote sensing, tracking?, robot
swarm, multi-robot > swarm robotics, robot team, drone swarm, fleet ~ multi-agent, coordination
human-robot interaction, HRI, social robot > collaborative robot, assistive robot, human-robot collaboration ~ robot, human-computer interaction
surgical robot, robotic surgery, surgery > surgical video, laparoscopic, surgical ~ medical, robot
control?, control theory, optimal control > model predictive control, MPC, feedback control, dynamical system, Lyapunov, adaptive control ~ dynamics, robust, state estimation, stability, controller
transportation, traffic, mobility, intelligent transportation > traffic prediction, public transport, traffic signal, logistics, ride-hailing ~ autonomous driving, city, trajectory, vehicle, route, trip
aerospace, spacecraft > satellite operation, rocket, aircraft, aviation, flight, orbital, planetary ~ navigation, control?, space?
manufacturing, industrial, industry > defect detection, anomaly detection in industry, predictive maintenance, supply chain, production line, quality inspection, industrial robot ~ robot, process, factory
sensor, sensing, Internet of Things, IoT > wearable, radar, sensor fusion, WiFi sensing, accelerometer, smart home ~ signal, edge?
wearables, wearable > smartwatch, physiological signal, IMU, smart glasses, ECG ~ health, sensor
`;
