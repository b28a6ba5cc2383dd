package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;

/**
 * One or more chunks as they came from the engine, framing and all. Threading: confined to the channel's event loop.
 *
 * @param framed size lines, data and line ends; owned by whoever holds this
 * @param dataBytes how much of it is data
 */
record WholeChunks(ByteBuf framed, int dataBytes) {}
