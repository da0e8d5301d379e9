import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

const typeNs = 2;
const typeTxt = 16;
const noSuchName = 3;

/** The name that a question asks for, and where in the packet the question ends. */
function readQuestion(packet: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at + 1), end: at + 5 };
}

/** Texts, each with its length before it. */
const counted = (texts: string[]) =>
  Buffer.concat(texts.map(text => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])));

/** A record of the name in the question: a text in pieces of up to 255 bytes, or the name of a name server. */
function record(type: number, text: string): Buffer {
  const data = type === typeNs ? counted([...text.split('.'), '']) : counted(text.match(/.{1,255}/gs) ?? ['']);
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/**
 * A DNS server (RFC 1035, over UDP) of TXT records, by name; it knows no other names.
 * @param isSilent answers nothing
 * @param nameServers of zones, by their names
 */
export async function startDns(
  texts: Record<string, string[]>,
  isSilent = () => false,
  nameServers: Record<string, string[]> = {},
) {
  const socket = createSocket('udp4');
  socket.on('message', (packet, { port, address }) => {
    if (isSilent()) return;
    const { name, type, end } = readQuestion(packet);
    const known = { [typeTxt]: texts, [typeNs]: nameServers }[type]?.[name] ?? [];
    const records = known.map(text => record(type, text));
    const head = Buffer.from(packet.subarray(0, 12));
    // An answer, with recursion; no other sections.
    head.writeUInt16BE(0x8180 | (texts[name] || nameServers[name] ? 0 : noSuchName), 2);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, packet.subarray(12, end), ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    stop: async () => void socket.close(),
  };
}
