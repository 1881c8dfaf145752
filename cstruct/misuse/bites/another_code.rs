//! A mistake that fails for another reason than the listed one.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

fn main() {
    let text = String::new();
    drop(text);
    #[cfg(wrong)]
    println!("{txet}"); //~[wrong] E0382
}
