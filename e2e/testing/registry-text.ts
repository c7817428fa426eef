/**
 * Registry files as reg.exe writes and reads them, as plain tables: what a story puts on a PC and finds there, without any
 * code of the agent.
 *
 * Pure. Source: "Windows Registry Editor Version 5.00", the format of reg.exe.
 */

import { REGISTRY_TYPES, type RegistryType } from '../../model/src/registry-value.ts';
import { REGISTRY_FILE_HEAD } from './windows-pc.ts';

/** Data as it stands in a file (`"text"`, `dword:00000001`, `hex:01,02`), by key and name; names in small letters. */
export type RegistryTable = ReadonlyMap<string, string>;

export interface PlacedValue {
  /** With its hive, e.g. "HKEY_CURRENT_USER\\Control Panel\\Mouse". */
  readonly key: string;
  /** "" is the key's default value. */
  readonly name: string;
  /** As dataText gives it. */
  readonly data: string;
}

/** Where a value stands in a table. */
export function placeText({ key, name }: Pick<PlacedValue, 'key' | 'name'>): string {
  return `${key}|${name}`.toLowerCase();
}

/** A text for a type of text, a number in decimal, hex for the other types; of a REG_MULTI_SZ one text. */
export function dataText(type: RegistryType, content: string): string {
  switch (type) {
    case 'REG_SZ':
      return `"${escaped(content)}"`;
    case 'REG_DWORD':
      return `dword:${Number(content).toString(16).padStart(8, '0')}`;
    case 'REG_BINARY':
      return `hex:${bytesText(Buffer.from(content, 'hex'))}`;
    default: {
      const end = type === 'REG_MULTI_SZ' ? '\0\0' : '\0';
      const hex = REGISTRY_TYPES[type].toString(16);
      return `hex(${hex}):${bytesText(Buffer.from(content + end, 'utf16le'))}`;
    }
  }
}

/** The values as one file for `reg import`. */
export function registryText(values: readonly PlacedValue[]): string {
  const keys = Map.groupBy(values, ({ key }) => key);
  const sections = [...keys].map(([key, of]) => {
    const lines = of.map(({ name, data }) => `${name === '' ? '@' : `"${escaped(name)}"`}=${data}\r\n`);
    return `[${key}]\r\n${lines.join('')}\r\n`;
  });
  return REGISTRY_FILE_HEAD + sections.join('');
}

/** What `reg export` wrote. */
export function tableOf(text: string): RegistryTable {
  const table = new Map<string, string>();
  let key = '';
  for (const line of text.replaceAll(/\\\r\n\s*/g, '').split('\r\n')) {
    const [, section] = /^\[(.*)\]$/.exec(line) ?? [];
    if (section !== undefined) key = section;
    const [, name, data] = /^(@|"(?:[^"\\]|\\.)*")=(.*)$/s.exec(line) ?? [];
    if (name === undefined || data === undefined) continue;
    table.set(placeText({ key, name: name === '@' ? '' : unescaped(name.slice(1, -1)) }), data);
  }
  return table;
}

/** The bytes of a value as the registry holds them. */
export function bytesIn(data: string): Buffer {
  if (data.startsWith('"')) return Buffer.from(`${unescaped(data.slice(1, -1))}\0`, 'utf16le');
  if (data.startsWith('dword:')) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(Number.parseInt(data.slice('dword:'.length), 16));
    return bytes;
  }
  return Buffer.from(data.slice(data.indexOf(':') + 1).replaceAll(',', ''), 'hex');
}

function bytesText(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(',');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\"]/g, '\\$&');
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\"])/g, '$1');
}
