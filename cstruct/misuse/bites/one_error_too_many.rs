//! A mistake that fails for the listed reason and for one more.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

fn main() {
    let (text, other) = (String::new(), String::new());
    drop((text, other));
    #[cfg(wrong)]
    println!("{text}"); //~[wrong] E0382
    #[cfg(wrong)]
    println!("{other}");
}
