package dev.keyproof.broker.http;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/** A pool whose buffers are overwritten when the last who uses one lets it go: what a request carried does not outlive it. */
final class WipingBufferPool implements ByteBufferPool {
    private final ByteBufferPool pool;

    WipingBufferPool(ByteBufferPool pool) {
        this.pool = pool;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        RetainableByteBuffer.Mutable pooled = pool.acquire(size, direct);
        ByteBuffer bytes = pooled.getByteBuffer();
        return RetainableByteBuffer.wrap(bytes, () -> {
            MemorySegment.ofBuffer(bytes.duplicate().clear()).fill((byte) 0);
            pooled.release();
        });
    }

    @Override
    public void clear() {
        pool.clear();
    }
}
