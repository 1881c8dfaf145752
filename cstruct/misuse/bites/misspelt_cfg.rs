//! A line that belongs to no revision.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

fn main() {
    let text = String::new();
    drop(text);
    #[cfg(wrong)]
    println!("{text}"); //~[wrong] E0382
    #[cfg(rihgt)]
    println!("never");
}
