/**
 * The part of the generated Rust that is the same for every world. Its allocator only ever takes, because an instance lives for one request;
 * the standard one would grow the memory for its first byte, and a memory that grew cannot be used again for the next request.
 */
export const RUST_RUNTIME = `use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use std::alloc::{alloc, realloc, GlobalAlloc, Layout};

const PAGE_BYTES: usize = 65536;

/// Blocks one behind the other, from where the linker ends the cell's own data. The last one grows in its place.
struct Arena;

static mut USED: usize = 0;

extern "C" {
    static __heap_base: u8;
}

unsafe fn take(start: usize, size: usize) -> *mut u8 {
    let end = match start.checked_add(size) {
        Some(end) => end,
        None => return std::ptr::null_mut(),
    };
    let held = memory_size(0) * PAGE_BYTES;
    if end > held && memory_grow(0, (end - held + PAGE_BYTES - 1) / PAGE_BYTES) == usize::MAX {
        return std::ptr::null_mut();
    }
    USED = end;
    start as *mut u8
}

unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = if USED == 0 { &__heap_base as *const u8 as usize } else { USED };
        take((base + layout.align() - 1) & !(layout.align() - 1), layout.size())
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if block as usize + layout.size() == USED {
            return take(block as usize, size);
        }
        let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
        if !moved.is_null() {
            std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
        }
        moved
    }
}

#[global_allocator]
static ARENA: Arena = Arena;

unsafe fn read<T: Copy>(place: usize) -> T {
    *(place as *const T)
}

unsafe fn write<T>(place: usize, value: T) {
    *(place as *mut T) = value
}

unsafe fn bytes(place: u32, count: u32) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    std::slice::from_raw_parts(place as *const u8, count as usize).to_vec()
}

/// The host gives UTF-8 and nothing else.
unsafe fn text(place: u32, count: u32) -> String {
    String::from_utf8_unchecked(bytes(place, count))
}

unsafe fn items<T>(place: u32, count: u32, size: usize, load: impl Fn(usize) -> T) -> Vec<T> {
    (0..count as usize).map(|index| load(place as usize + index * size)).collect()
}

/// The bytes stay where they are: what they are part of must outlive the call, or be leaked.
unsafe fn put_bytes(place: usize, value: &[u8]) {
    write::<u32>(place, value.as_ptr() as u32);
    write::<u32>(place + 4, value.len() as u32);
}

unsafe fn put_items<T>(values: &[T], size: usize, alignment: usize, store: impl Fn(usize, &T)) -> u32 {
    let place = area(size * values.len(), alignment);
    for (index, value) in values.iter().enumerate() {
        store(place + index * size, value);
    }
    place as u32
}

unsafe fn area(size: usize, alignment: usize) -> usize {
    grow(std::ptr::null_mut(), 0, alignment, size) as usize
}

unsafe fn grow(old: *mut u8, old_bytes: usize, alignment: usize, size: usize) -> *mut u8 {
    if size == 0 {
        return alignment as *mut u8;
    }
    let block = if old_bytes == 0 {
        alloc(Layout::from_size_align_unchecked(size, alignment))
    } else {
        realloc(old, Layout::from_size_align_unchecked(old_bytes, alignment), size)
    };
    if block.is_null() {
        unreachable()
    }
    block
}

#[export_name = "cabi_realloc"]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_bytes: usize, alignment: usize, size: usize) -> *mut u8 {
    grow(old, old_bytes, alignment, size)
}
`;
