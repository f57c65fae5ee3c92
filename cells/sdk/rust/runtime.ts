/** The part of the generated Rust that is the same for every world. Nothing is freed by it: an instance lives for one request. */
export const RUST_RUNTIME = `use std::alloc::{alloc, realloc, Layout};

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
        core::arch::wasm32::unreachable()
    }
    block
}

#[export_name = "cabi_realloc"]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_bytes: usize, alignment: usize, size: usize) -> *mut u8 {
    grow(old, old_bytes, alignment, size)
}
`;
