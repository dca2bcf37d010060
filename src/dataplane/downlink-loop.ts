// The worker of the way out: devices to sockets. Takes from each device that has something a fair share, sends it all,
// then waits again. Where MPPE has threads of its own, another of these gets from this one what is to be sealed.

import { EPOLL_EVENT_DATA, EPOLL_EVENT_SIZE } from '../sys/epoll.ts';
import { Errno } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import { Arena } from './arena.ts';
import { AttachedReader } from './attached-reader.ts';
import { Downlink } from './downlink.ts';
import { countDrops } from './drops.ts';
import { type FrameQueue, MAX_FRAME } from './frame-queue.ts';
import { Handover, type HandoverEnds } from './handover.ts';
import { Count, DOWNLINK, Flag, Row, SEALING } from './layout.ts';
import { News, type Trouble } from './news.ts';
import { Segmenter } from './segmenter.ts';
import { Sender } from './sender.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';
import { ADDRESSES, insertTag, TAG_LENGTH, tagToInsert, VLAN } from './vlan-tag.ts';

export class DownlinkLoop {
  readonly #table: SessionTable;
  readonly #epoll: number;
  readonly #frames: FrameQueue;
  /** Readable when there are frames. */
  readonly #framesFd: number;
  readonly #arena = new Arena(AREA + (1 << 20));
  readonly #news = new News();
  readonly #downlink: Downlink;
  readonly #sender: Sender;
  readonly #segmenter: Segmenter;
  readonly #attached: AttachedReader;
  readonly #events: number;
  readonly #signalled: number;
  readonly #area: number;
  readonly #reader: number;
  readonly #gives: Handover | undefined;
  readonly #takes: Handover | undefined;
  #used = 0;

  constructor(table: SessionTable, { epoll, frames, framesFd, gives, takes }: DownlinkOptions) {
    this.#table = table;
    this.#epoll = epoll;
    this.#frames = frames;
    this.#framesFd = framesFd;
    this.#reader = takes === undefined ? DOWNLINK : SEALING;
    this.#gives = gives && new Handover(this.#arena, gives);
    this.#takes = takes && new Handover(this.#arena, takes);
    this.#downlink = new Downlink(table, this.#arena.octets, this.#news);
    this.#downlink.handsOver = gives !== undefined;
    if (takes !== undefined) this.#downlink.countsAt = Count.SealedPacketsOut;
    this.#sender = new Sender(table, this.#arena);
    this.#segmenter = new Segmenter(this.#arena, table, this.#downlink, this.#sender);
    this.#attached = new AttachedReader(this.#arena);
    this.#events = this.#arena.take(MAX_EVENTS * EPOLL_EVENT_SIZE);
    this.#signalled = this.#arena.take(8);
    this.#area = this.#arena.take(AREA);
  }

  /** How many of the descriptors waited for are readable; waits for the first. */
  wait(): number {
    return libc.epollWait(this.#epoll, this.#arena.address + this.#events, MAX_EVENTS, -1);
  }

  /** Since this was asked last: something was longer than the way to its peer takes. */
  takeTooLong(): boolean {
    const saw = this.#sender.sawTooLong;
    this.#sender.sawTooLong = false;
    return saw;
  }

  /** What has happened to sessions since this was asked last. */
  drainNews(tell: (trouble: Trouble, row: number) => void): void {
    this.#news.drain(tell);
  }

  /** Takes from the first `count` readable ones. `lost` is called with a device that cannot be read any more. */
  round(count: number, now: number, lost: (device: number) => void): void {
    this.#table.enter(this.#reader);
    this.#downlink.now = now;
    for (let index = 0; index < count; index++) {
      const device = this.#arena.view.getInt32(this.#events + index * EPOLL_EVENT_SIZE + EPOLL_EVENT_DATA, true);
      if (device === FRAMES) this.#sendFrames();
      if (device === HANDOVER && this.#takes !== undefined) this.#takeOver(this.#takes);
      const fd = device < 0 ? -1 : this.#table.deviceFd(device);
      if (fd >= 0 && !this.#drain(device, fd)) lost(device);
    }
    this.#send();
    this.#gives?.signal();
    this.#table.leave(this.#reader);
  }

  /** What the control thread has for calls of PPTP, each with the next number of its call. */
  #sendFrames(): void {
    const { octets, address } = this.#arena;
    const frames = this.#frames;
    libc.read(this.#framesFd, address + this.#signalled, 8);
    for (;;) {
      if (this.#used + HEADROOM + HEADER_ROOM + MAX_FRAME > AREA) this.#send();
      const at = this.#area + this.#used + HEADROOM + HEADER_ROOM;
      if (!frames.take(octets, at)) return;
      const { row, call, length } = frames;
      // Meanwhile the row may be another session's. A call that was closed has its row a little longer, for its last words.
      const word = this.#table.rowWord(row);
      const isCall = (this.#table.words[word + Row.Flags]! & Flag.Gre) !== 0;
      if (!isCall || this.#table.words[word + Row.Key] !== call) continue;
      this.#segmenter.sendFrame(row, at, length);
      this.#used = (this.#used + HEADROOM + HEADER_ROOM + length + 63) & ~63;
    }
  }

  /** What another thread has read and left to be sealed. */
  #takeOver(handover: Handover): void {
    handover.acknowledge();
    for (;;) {
      if (this.#used + SLOT > AREA) this.#send();
      if (!handover.take(this.#area + this.#used + (HEADROOM & ~3))) return;
      this.#segmenter.handle(handover.row, handover.at, handover.length);
      this.#used = (this.#used + HEADROOM + handover.length + 63) & ~63;
    }
  }

  #giveAway(device: number, at: number, length: number): void {
    if (this.#gives?.push(device, 0, at, 0, length) === true) return;
    countDrops(this.#table, this.#downlink.row, Verdict.NotSent, 1);
  }

  #drain(device: number, fd: number): boolean {
    const { address } = this.#arena;
    const attached = this.#table.isAttached(device);
    const tag = tagToInsert(this.#table, device);
    for (let packets = 0; packets < FAIR_SHARE; packets++) {
      if (this.#used + SLOT > AREA) this.#send();
      const at = this.#area + this.#used + HEADROOM;
      const length = attached ? this.#attached.read(fd, at, READ_SIZE) : libc.read(fd, address + at, READ_SIZE);
      if (length < 0) {
        const errno = libc.lastErrno();
        // Linux's own device may go down and come up again; of whether it is still there others tell us.
        if (errno === Errno.EINTR || (attached && errno === Errno.ENETDOWN)) continue;
        return errno === Errno.EAGAIN;
      }
      let added = attached ? this.#attached.addedOctets : 0;
      if (tag !== 0 && length >= VIRTIO_HEADER_LENGTH + ADDRESSES) {
        insertTag(this.#arena, at - added, VLAN, tag);
        added += TAG_LENGTH;
      }
      const verdict = this.#segmenter.handle(device, at - added, length + added);
      if (verdict === Verdict.Taken) this.#giveAway(device, at, length);
      this.#used = (this.#used + HEADROOM + length + 63) & ~63;
    }
    return true;
  }

  #send(): void {
    this.#sender.flush();
    this.#segmenter.reset();
    this.#used = 0;
  }
}

export interface DownlinkOptions {
  readonly epoll: number;
  readonly frames: FrameQueue;
  /** Readable when there are frames. */
  readonly framesFd: number;
  /** To whom what is to be sealed goes, and from whom it comes. */
  readonly gives?: HandoverEnds | undefined;
  readonly takes?: HandoverEnds | undefined;
}

/** In an epoll event, in the place of a device. */
export const FRAMES = -2;
export const HANDOVER = -3;
const HEADER_ROOM = 32;
const MAX_EVENTS = 64;
/** Packets a device may send before the next one's turn. */
const FAIR_SHARE = 64;
/** What is read before it is sent: small enough to be still in the cache then. */
const AREA = 512 * 1024;
/** The virtio header lies where the end of the tunnel header will be, at most 24 octets, and the packet itself is aligned. */
const HEADROOM = 22;
const READ_SIZE = 65546;
const SLOT = READ_SIZE + HEADROOM;
