//! A mistake that the compiler lets through.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

fn main() {
    let text = String::new();
    drop(text);
    #[cfg(wrong)]
    println!("the text should be used here"); //~[wrong] E0382
}
